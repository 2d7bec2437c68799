import test from "ava";
import { type FakeMedium, machineWith } from "../../intake/kit.ts";
import { KEYS } from "../../kit/terminal.ts";
import { ED25519 } from "../../settings/fixtures.ts";
import { answer, from, settingsOf, sit, until } from "../sitting.ts";

const { enter, esc } = KEYS;
const DISK: FakeMedium = {
  device: "/dev/sdb1",
  label: "POSTERN",
  type: "vfat",
  files: { "admin.pub": `${ED25519}\n` },
};

test("keys come from a disk labelled POSTERN by one key", async (t) => {
  const { machine, person } = sit(t, { machine: machineWith(t, { media: [DISK] }) });

  await answer(person, [
    ...until("Administrator: SSH public key"),
    ["Administrator: where do the SSH keys come from?", ""],
    ["/dev/sdb1", enter],
    ["1. ssh-ed25519 SHA256:", enter],
    ...from("Administrator: which networks"),
    ["Review: apply", enter],
  ]);
  await person.see("Applied, but");

  t.deepEqual(settingsOf(machine).admin.sshKeys, [ED25519]);
});

test("Esc and another answer take the disk's keys out again", async (t) => {
  const { person } = sit(t, { machine: machineWith(t, { media: [DISK] }) });

  await answer(person, [
    ...until("Administrator: SSH public key"),
    ["where do the SSH keys come from?", enter],
    ["1. ssh-ed25519 SHA256:", esc],
    ["where do the SSH keys come from?", `2${enter}`],
  ]);
  await person.see("Administrator: SSH public key");
  t.false(person.screen.text.includes("May log in"));
});

test("a disk without keys asks nothing", async (t) => {
  const machine = machineWith(t, { media: [{ ...DISK, files: { "readme.txt": "nothing" } }] });
  const { person } = sit(t, { machine });

  await answer(person, until("Administrator: SSH public key"));
  await person.see("Administrator: SSH public key");
  t.false(person.raw.includes("where do the SSH keys"));
});
