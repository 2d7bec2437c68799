import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import test from "ava";
import { TOPICS } from "../../../appliance/console/steps/topics.ts";
import { problemLines, takeInAtBoot } from "../../../appliance/intake/boot.ts";
import { writeReport } from "../../../appliance/intake/report.ts";
import { salvageSettings } from "../../../appliance/settings/salvage.ts";
import { type FakeCard, lay, type Machine, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { KEYS } from "../kit/terminal.ts";
import { ED25519, SMALLEST } from "../settings/fixtures.ts";
import { answer, configured, from, LoggedIn, PASSWORD, SHORTEST, settingsOf, sit, until } from "./sitting.ts";

const { enter, esc, down, clear, interrupt } = KEYS;

test("the shortest way, as docs/console.md has it, key by key", async (t) => {
  const { machine, person } = sit(t);

  await answer(person, SHORTEST);
  await person.see("Review: apply these settings?");
  const review = person.screen.text;
  t.false(existsSync(machine.paths.settings), "nothing is written before the review");
  person.type(enter);
  await person.see("Applied, but not every check passed");

  t.regex(review, /> {2}1\. Apply/);
  t.regex(review, /Clients +10\.20\.0\.0\/16 servers/);
  const { admin, ...settings } = settingsOf(machine);
  t.deepEqual(settings, {
    schema: 1,
    hostname: "postern",
    network: { mode: "dhcp", dns: [], search: [], ipv6: { mode: "off" }, routes: [], additional: [] },
    clients: [{ cidr: "10.20.0.0/16", label: "servers" }],
    defender: {
      cloud: "commercial",
      regions: [],
      connectivity: "streamlined",
      services: ["mde", "mdi"],
      workspaces: [],
      form: "exact",
      broad: [],
      catalogueKeys: [],
      extra: [],
    },
    keyboard: { layout: "us" },
    proxy: { privateDestinations: [], sniCheck: false },
    time: { zone: "UTC", servers: [], hypervisor: true },
    logging: { retentionDays: 30 },
    updates: { mode: "security" },
  });
  t.deepEqual(admin.sshKeys, [ED25519]);
  t.deepEqual(admin.from, ["10.0.2.0/24"], "this machine's own network was filled in");
  t.regex(admin.passwordHash ?? "", /^\$y\$j9T\$/);
  t.false(person.raw.includes(PASSWORD), "the password is never shown");
  t.is(person.screen.scrolled, 0, "every page fits 80x24");
  person.type(enter);
  await person.see("NOT SERVING");
});

test("docs/console.md says the same questions in the same order", (t) => {
  const text = readFileSync(new URL("../../../docs/console.md", import.meta.url), "utf8");
  const questions = [...text.matchAll(/^wait {2}(.*)$/gm)].map((match) => match[1]);

  t.deepEqual(questions, [
    ...SHORTEST.map(([question]) => question),
    "Review: apply these settings?",
    "Serving",
  ]);
});

test("every question of the table in docs/console.md is in the code, and every part of the review in it", (t) => {
  const text = readFileSync(new URL("../../../docs/console.md", import.meta.url), "utf8");
  const folder = new URL("../../../appliance/console/", import.meta.url);
  const code = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  const titles = [...text.matchAll(/^\| \d+[a-z]? \| `([^`]+)` \|/gm)].map((match) => match[1] ?? "");
  const lines = [...text.matchAll(/^\| `([^`]+)` \| /gm)].map((match) => match[1] ?? "");

  t.true(titles.length > 20);
  t.deepEqual(
    titles.filter((title) => !code.includes(`"${title}"`)),
    [],
  );
  t.deepEqual(
    lines,
    TOPICS.map(({ name }) => name),
  );
});

test("static: each answer is checked, Esc goes back and keeps what was typed", async (t) => {
  const { machine, person } = sit(t);

  await answer(person, [
    ["Network: how does this machine get its address?", down + enter],
    ["Network: address of this machine", "10.20.0.0/24"],
    ["10.20.0.0 is the network itself", enter],
    ["! Expected", `${clear}10.20.0.5 255.255.255.0`],
    ["network 10.20.0.0/24, broadcast 10.20.0.255", enter],
    ["Network: gateway", `10.20.1.1${enter}`],
    ["10.20.1.1 is outside", esc],
    ["Network: address of this machine", enter],
    ["> 10.20.1.1", `${clear}10.20.0.1${enter}`],
    ["Network: DNS servers", `10.20.0.2, 10.20.0.3${enter}`],
    ["1. This machine's network  10.20.0.0/24 (256 addresses)", "1"],
    ["1. 10.20.0.0/24       256 addresses  own network", enter],
  ]);
  await person.see("Administrator: password");

  t.false(existsSync(machine.paths.settings));
  t.is(person.screen.scrolled, 0);
});

test("clients: what cannot be let in is refused with the reason, a line is taken out again", async (t) => {
  const { person } = sit(t);

  await answer(person, [
    ["Network: how", enter],
    ["Clients: which", "3"],
    ["Clients: a network", enter],
    ["! Expected: at least one network", "0.0.0.0/0"],
    ["everybody", `${clear}10.20.0.5/16`],
    ["10.20.0.0/16 is the network meant", `${clear}private${enter}`],
    ["3. 192.168.0.0/16", "10.1.0.0/16 lab"],
    ["10.0.0.0/8 (private) and 10.1.0.0/16 (lab) overlap", `${clear}-1${enter}`],
    ["2. 192.168.0.0/16", `10.1.0.0 255.255.0.0 lab${enter}`],
    ["3. 10.1.0.0/16", enter],
  ]);
  await person.see("Administrator: password");
  t.pass();
});

test("clients: one key each for the own network and for all private ones, which take what lies in them", async (t) => {
  const { person } = sit(t);

  await answer(person, [
    ["Network: how", enter],
    ["2. All private networks    10/8 172.16/12 192.168/16 (17,891,328 addresses)", "1"],
    ["1. 10.0.2.0/24        256 addresses  own network", `192.0.2.0/24 dmz${enter}`],
    ["2. 192.0.2.0/24", esc],
    ["3. The list as it is: 2 networks", "2"],
    ["1. 192.0.2.0/24       256 addresses  dmz", ""],
    ["2. 10.0.0.0/8         16,777,216 addresses  private", ""],
  ]);
  await person.see("4. 192.168.0.0/16");
  t.false(person.screen.text.includes("own network: 10.0.2.0/24 "));
});

test("clients: an address that comes while the question stands is taken as the own network", async (t) => {
  const machine = makeMachine(tempFolder(t));
  const { interfaces } = machine;
  machine.interfaces = () => ({});
  const { person } = sit(t, { machine });
  await answer(person, [
    ["Network: how", enter],
    ["1. This machine's network  it has no address yet", "1"],
    ["This machine has no address yet: take another line", ""],
  ]);

  machine.interfaces = interfaces;

  await person.see("1. This machine's network  10.0.2.0/24");
  person.type("1");
  await person.see("1. 10.0.2.0/24");
  t.pass();
});

test("passwords: short ones and two that differ do not go through", async (t) => {
  const { person } = sit(t);

  await answer(person, [
    ["Network: how", enter],
    ["Clients: which", "1"],
    ["Clients: another", enter],
    ["Administrator: password", `short${enter}`],
    ["7 more", `${clear}${PASSWORD}${enter}`],
    ["Administrator: password again", `something else${enter}`],
    ["! Expected: the same password", `${clear}${PASSWORD}${enter}`],
  ]);
  await person.see("Administrator: SSH public key");
  t.pass();
});

test("two cards: the one with a link is offered, and it is kept by its MAC", async (t) => {
  const cards: FakeCard[] = [
    { name: "eth0", mac: "52:54:00:00:00:01" },
    { name: "eth1", mac: "52:54:00:00:00:02", hasLink: true, address: "10.0.2.15/24" },
  ];
  const { machine, person } = sit(t, { machine: makeMachine(tempFolder(t), cards) });

  await answer(person, [["Network: which card?", enter], ...SHORTEST, ["Review: apply", enter]]);
  await person.see("Applied, but");

  t.is(settingsOf(machine).network.mac, "52:54:00:00:00:02");
});

test("another console finishes: this one goes to the status screen by itself", async (t) => {
  const { machine, person } = sit(t);
  await person.see("Network: how");

  lay(machine.paths.root, "/etc/postern/settings.yaml", SMALLEST);
  writeFileSync(machine.paths.confirmed, SMALLEST);

  await person.see("NOT SERVING");
  t.regex(person.screen.text, /\[r\] reconfigure/);
});

test("settings that cannot be applied come back with the reason, and nothing is lost", async (t) => {
  const { machine, person } = sit(t);
  await answer(person, SHORTEST);
  await person.see("Review: apply");
  machine.answers.set("systemctl restart", { code: 1, stderr: "Job for squid.service failed" });
  // Typed ahead: must not answer the question about the failure.
  person.type(enter + enter + enter);
  await person.see("The settings were not applied");
  t.regex(person.screen.text, /Job for squid\.service failed/);
  t.false(existsSync(machine.paths.settings));

  machine.answers.delete("systemctl restart");
  person.type(enter);
  await person.see("10.20.0.0/16 servers");
  person.type(enter);
  await person.see("Applied, but");

  t.is(settingsOf(machine).clients.length, 1);
});

/** What the boot tells a console about settings that it could not put in force. */
async function tellReport(machine: Machine): Promise<void> {
  const text = "schema: 1\nhostname: proxy-07\nclients: [{ cidr: 10.20.0.0/40 }]\n";
  const { settings, problems } = salvageSettings(text, "settings.yaml");
  const origin = { way: "disk", detail: "/dev/sdb1" } as const;
  await writeReport(machine, {
    origin,
    settings,
    problems,
    notice: ["From a disk:", ...problemLines(problems)],
  });
}

test("settings that came with the machine and are wrong are shown, then the questions follow", async (t) => {
  const machine = makeMachine(tempFolder(t));
  await tellReport(machine);
  lay(machine.paths.root, "/usr/lib/postern/baked/admin-keys", `${ED25519}\nnonsense\n`);
  const { person } = sit(t, { machine });

  await person.see("cannot be used");
  t.regex(person.screen.text, /clients\[0\]\.cidr: a prefix/);
  await answer(person, [["Go on", enter], ...until("Administrator: SSH")]);
  await person.see("Administrator: another SSH key");
  t.regex(person.screen.text, /1\. ssh-ed25519 SHA256:/);
  await answer(person, [...from("Administrator: another SSH")]);
  await person.see("Review: apply these settings?");
  t.regex(person.screen.text, /proxy-07/, "the good values are filled in");
});

test("what the boot finds takes the place of a question that nobody has answered", async (t) => {
  const { machine, person } = sit(t);

  await person.see("Network: how does this machine get its address?");
  await tellReport(machine);
  await person.see("cannot be used");
  person.type(enter);
  await person.see("Network: how does this machine get its address?");
  t.false(person.screen.text.includes("cannot be used"));
});

test("what the boot finds does not disturb who has begun to answer", async (t) => {
  const { machine, person } = sit(t);

  await answer(person, until("Clients: which"));
  await person.see("Clients: which networks");
  await tellReport(machine);
  await answer(person, until("Administrator: password again").slice(1));
  await person.see("Administrator: password again");
  t.false(person.raw.includes("cannot be used"));
});

test("settings that the boot put in force end the questions", async (t) => {
  const { machine, person } = sit(t);

  await person.see("Network: how does this machine get its address?");
  lay(machine.paths.root, "/usr/lib/postern/baked/settings.yaml", SMALLEST);
  t.is(await takeInAtBoot(machine, () => {}), "applied");
  await person.see("NOT SERVING");
});

test("a configured machine shows its status; refused names are on it, checks of its own are not", async (t) => {
  const machine = configured(t);
  const server = createServer();
  const line = (client: string, url: string) =>
    `{"time":1795470682.643,"client":"${client}","method":"CONNECT","url":"${url}","status":403,"result":"TCP_DENIED","rule":"name"}\n`;
  lay(
    machine.paths.root,
    "/var/log/squid/access.log",
    `torn line\n${line("10.20.4.7", "www.example.com:443")}${line("127.0.0.1", "postern.invalid:443")}`,
  );
  // A table of the kernel with a listener on port 3128 (0C38).
  lay(
    machine.paths.root,
    "/proc/net/tcp6",
    "  sl  local_address\n   0: 00000000000000000000000000000000:0C38 00000000000000000000000000000000:0000 0A\n",
  );
  lay(machine.paths.root, "/etc/ssh/ssh_host_ed25519_key.pub", `${ED25519}\n`);
  t.teardown(() => server.close());
  const { person } = sit(t, { machine });

  await person.see("Serving");

  t.regex(person.screen.text, /Serving +10\.20\.0\.0\/16 +port 3128/);
  t.regex(person.screen.text, /10\.0\.2\.15\/24 on eth0/);
  t.regex(person.screen.text, /Last denied .* {2}10\.20\.4\.7 -> www\.example\.com:443 {3}not on the list/);
  t.false(person.screen.text.includes("postern.invalid"));
  t.regex(person.screen.text, /SHA256:zsAFGkeN/);
});

test("status keys: l logs in, b asks before it restarts, r leads to the review, Esc back", async (t) => {
  const { machine, person, ended } = sit(t, { machine: configured(t) });

  await answer(person, [
    ["NOT SERVING", "b"],
    ["Restart this machine?", enter],
    ["NOT SERVING", "b"],
    ["Restart this machine?", `2${enter}`],
    ["NOT SERVING", "r"],
    ["Review: apply these settings?", esc],
    ["NOT SERVING", "x"],
    ["NOT SERVING", "l"],
  ]);

  await t.throwsAsync(ended, { instanceOf: LoggedIn });
  t.is(machine.ran.filter((command) => command === "systemctl reboot").length, 1);
});

test("on the machine's own console Ctrl-C is Esc and nothing is left; in a session q leaves", async (t) => {
  const own = sit(t);
  await answer(own.person, [
    ["Network: how", `2${enter}`],
    ["Network: address", interrupt],
    ["Network: how", interrupt],
  ]);
  await own.person.see("Network: how");

  const session = sit(t, { machine: configured(t), line: null });
  await session.person.see("[q] quit");
  session.person.type("q");

  t.is(await session.ended, 0);
});

test("the link of a card is looked at again while the question stands", async (t) => {
  const { machine, person } = sit(t, {
    machine: makeMachine(tempFolder(t), [{ name: "eth0", mac: "52:54:00:00:00:01" }]),
  });
  await person.see("NO LINK");

  lay(machine.paths.root, "/sys/class/net/eth0/carrier", "1\n");

  await person.see("link up");
  t.regex(person.screen.text, /^> 1\. DHCP/m);
  t.is(person.screen.text.match(/Network: how/g)?.length, 1);
});

test("when the line is gone, the console ends instead of asking on", async (t) => {
  const { person, ended } = sit(t);
  await person.see("Network: how");

  person.input.end();

  t.is(await ended, 0);
});

test("an arrow key that comes in two parts is still one key", async (t) => {
  const { person } = sit(t);
  await person.see("> 1. DHCP");

  person.type("\u001b");
  await new Promise((resolve) => setTimeout(resolve, 120));
  person.type("[B");

  await person.see("> 2. Static");
  t.pass();
});

test("plain lines do it all on a dumb terminal, without one control sequence", async (t) => {
  const { machine, person } = sit(t, { isPlain: true });

  for (const [question, keys] of until("Administrator: password")) {
    await person.read(question);
    person.type(keys === "3" ? `3${enter}` : keys);
  }
  await person.read("Administrator: password");
  person.type(`back${enter}`);
  await person.read("3. The list as it is: 1 network");
  person.type(enter);
  await person.read("Clients: another network");
  person.type(enter);
  for (const [question, keys] of from("Administrator: password")) {
    await person.read(question);
    person.type(keys);
  }
  await person.read("Review: apply these settings?");
  person.type(`99${enter}`);
  await person.read("Expected: a number from 1 to 12");
  person.type(`9${enter}`);
  await person.read("Name: what is this machine called?");
  person.type(`prxx\u007f\u007foxy-9${enter}`);
  await person.read("Review: apply");
  person.type(enter);
  await person.read("Applied, but not every check passed");
  person.type(enter);
  await person.read("NOT SERVING");

  t.is(settingsOf(machine).hostname, "proxy-9");
  t.false(person.raw.includes(PASSWORD));
  t.false(person.raw.includes("\u001b"));
});
