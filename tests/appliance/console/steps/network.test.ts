import test from "ava";
import { type FakeCard, makeMachine } from "../../kit/machine.ts";
import { tempFolder } from "../../kit/temp.ts";
import { KEYS } from "../../kit/terminal.ts";
import { answer, sit } from "../sitting.ts";

const { enter, up } = KEYS;
const NO_LEASE: FakeCard[] = [{ name: "eth0", mac: "52:54:00:00:00:01", hasLink: true }];
const QUESTION = "Network: how does this machine get its address?";

test("without a lease in time the page says so and proposes a static address", async (t) => {
  const machine = makeMachine(tempFolder(t), NO_LEASE);
  const { person } = sit(t, { machine, more: { leaseWait: 1000 } });
  await person.see("> 1. DHCP");

  await person.see("No address came by DHCP within 1 s");

  await person.see("> 2. Static");
  person.type(enter);
  await person.see("Network: address of this machine");
  t.pass();
});

test("it does not jump under the fingers of who has begun to choose", async (t) => {
  const machine = makeMachine(tempFolder(t), NO_LEASE);
  const { person } = sit(t, { machine, more: { leaseWait: 1000 } });
  await answer(person, [["> 1. DHCP", up]]);
  await answer(person, [["> 2. Static", up]]);

  await person.see("No address came by DHCP within 1 s");

  t.regex(person.screen.text, /> 1\. DHCP/);
});

test("a lease that came late makes DHCP the proposal again", async (t) => {
  const machine = makeMachine(tempFolder(t), NO_LEASE);
  const { interfaces } = makeMachine(tempFolder(t));
  const { person } = sit(t, { machine, more: { leaseWait: 500 } });
  await person.see("> 2. Static");

  machine.interfaces = interfaces;

  await person.see("> 1. DHCP");
  t.regex(person.screen.text, /10\.0\.2\.15\/24/);
  t.false(person.screen.text.includes("No address came"));
});

test("plain lines ask once more with the other proposal", async (t) => {
  const machine = makeMachine(tempFolder(t), NO_LEASE);
  const { person } = sit(t, { machine, isPlain: true, more: { leaseWait: 500 } });
  await person.read(QUESTION);
  await person.read("1 to 2 [1]:");

  await person.read("No address came by DHCP");
  await person.read("1 to 2 [2]:");
  person.type(enter);

  await person.read("Network: address of this machine");
  t.pass();
});

test("a link that comes up on the list of cards is seen", async (t) => {
  const cards: FakeCard[] = [...NO_LEASE, { name: "eth1", mac: "52:54:00:00:00:02" }];
  const machine = makeMachine(tempFolder(t), cards);
  const { person } = sit(t, { machine });

  await person.see("> 1. eth0     52:54:00:00:00:01  link up");

  t.regex(person.screen.text, /2\. eth1 {5}52:54:00:00:00:02 {2}NO LINK/);
});
