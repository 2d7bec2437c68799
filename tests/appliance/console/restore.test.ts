import { existsSync, readFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { history } from "../../../appliance/apply/history.ts";
import { takeInAtBoot } from "../../../appliance/intake/boot.ts";
import { exported, PASSPHRASE, SETTINGS_TEXT } from "../export/kit.ts";
import { machineWith } from "../intake/kit.ts";
import type { Machine } from "../kit/machine.ts";
import { KEYS } from "../kit/terminal.ts";
import { answer, sit } from "./sitting.ts";

const { enter, esc } = KEYS;
const OFFER = "First boot: restore an exported machine?";
const FIRST = "Network: how does this machine get its address?";
const ASKED = "Restore: passphrase of the export";
const FILE = "postern-export.json";

let made: Promise<string> | undefined;

/** A machine whose boot found a stick with these files; by default with a sealed export. */
async function withStick(t: ExecutionContext, files?: Readonly<Record<string, string>>): Promise<Machine> {
  made ??= exported(t);
  const media = [
    { device: "/dev/sdb1", label: "POSTERN", type: "vfat", files: files ?? { [FILE]: await made } },
  ];
  const machine = machineWith(t, { media });
  for (const command of ["squid", "netplan", "iptables-restore", "ip6tables-restore", "ssh-keygen"])
    machine.answers.set(command, {});
  await takeInAtBoot(machine, () => {});
  return machine;
}

const textOf = ({ paths }: Machine): string => readFileSync(paths.confirmed, "utf8");

test("restore by three keys: Enter, the passphrase, Enter; comments and all", async (t) => {
  const machine = await withStick(t);
  const { person } = sit(t, { machine });

  await answer(person, [[OFFER, ""]]);
  t.regex(
    person.screen.text,
    /> 1\. Restore proxy-01\s+exported \d{4}-\d\d-\d\d by Postern 1\.0\.0; postern-export/,
  );
  t.regex(person.screen.text, /2\. Set up new/);
  await answer(person, [
    [OFFER, enter],
    [ASKED, `${PASSPHRASE}${enter}`],
    ["Review: apply these settings?", enter],
    ["Applied, but", enter],
  ]);
  await person.see("NOT SERVING");

  t.is(textOf(machine), SETTINGS_TEXT);
  t.false(person.raw.includes(PASSPHRASE));
  t.is(person.screen.scrolled, 0);
  const [entry] = await history(machine);
  t.is(entry?.origin.detail, `ttyS0, restored from ${FILE} on /dev/sdb1`);
});

test("a wrong passphrase asks again, and Esc leads back to the offer and out of it", async (t) => {
  const { person } = sit(t, { machine: await withStick(t) });

  await answer(person, [
    [OFFER, enter],
    [ASKED, enter],
    ["! Expected: the passphrase", `not this one${enter}`],
    ["That was another passphrase.", esc],
    [OFFER, `2${enter}`],
    [FIRST, esc],
    [OFFER, `2${enter}`],
  ]);
  await person.see(FIRST);
  t.pass();
});

test("what was restored can be changed in the review; Esc there leads back to the offer", async (t) => {
  const machine = await withStick(t);
  const { person } = sit(t, { machine });

  await answer(person, [
    [OFFER, enter],
    [ASKED, `${PASSPHRASE}${enter}`],
    ["Review: apply these settings?", esc],
    [OFFER, enter],
    [ASKED, `${PASSPHRASE}${enter}`],
    ["Review: apply these settings?", `9${enter}`],
    ["Name: what is this machine called?", `${KEYS.clear}proxy-02${enter}`],
    ["Review: apply these settings?", enter],
    ["Applied, but", enter],
  ]);
  await person.see("NOT SERVING");
  t.is(textOf(machine), SETTINGS_TEXT.replace("proxy-01", "proxy-02"));
});

test("on the screen the keyboard comes before the passphrase", async (t) => {
  const { person } = sit(t, { machine: await withStick(t), line: "tty1" });

  await answer(person, [
    [OFFER, enter],
    ["Keyboard: which layout?", enter],
  ]);
  await person.see("Keyboard: ");
  t.false(person.screen.text.includes(ASKED));
});

test("a stick that comes while nobody has answered brings the offer", async (t) => {
  const machine = await withStick(t, {});
  const { person } = sit(t, { machine });
  await person.see(FIRST);
  const other = await withStick(t);
  machine.run = other.run;
  await takeInAtBoot(machine, () => {});
  await person.see(OFFER);
  t.pass();
});

test("a damaged export says why, and the way on is to set up new", async (t) => {
  made ??= exported(t);
  const text = (await made).replace("10.20.0.0", "10.21.0.0");
  const { person } = sit(t, { machine: await withStick(t, { [FILE]: text }) });

  await person.see(OFFER);
  t.regex(person.screen.text.replaceAll(/\s+/g, " "), /its checksum does not fit/);
  await answer(person, [[OFFER, enter]]);
  await person.see(FIRST);
});

test("a stick that was taken out is told", async (t) => {
  const machine = await withStick(t);
  const { person } = sit(t, { machine });
  await person.see(OFFER);
  machine.answers.set("lsblk", { stdout: '{"blockdevices":[]}' });
  await answer(person, [
    [OFFER, enter],
    ["postern-export.json is not on /dev/sdb1 any more.", enter],
  ]);
  await person.see(OFFER);
  t.false(existsSync(machine.paths.confirmed));
});

test("40 columns and 9 rows are enough", async (t) => {
  const machine = await withStick(t);
  const { person } = sit(t, { machine, columns: 40, rows: 9 });

  await answer(person, [
    ["restore an exported", enter],
    ["Restore: passphrase", `${PASSPHRASE}${enter}`],
    ["Review: apply", enter],
    ["Applied, but", enter],
  ]);
  await person.see("NOT SERVING");
  t.is(person.screen.scrolled, 0);
  t.is(textOf(machine), SETTINGS_TEXT);
});

test("plain lines, for TERM=dumb", async (t) => {
  const machine = await withStick(t);
  const { person } = sit(t, { machine, isPlain: true });

  for (const [question, keys] of [
    ["1 to 2 [1]: ", enter],
    [ASKED, `not this one${enter}`],
    ["That was another passphrase.", `${PASSPHRASE}${enter}`],
    ["1 to 12 [1]: ", enter],
    ["1 to 2 [1]: ", enter],
  ] as const) {
    await person.read(question);
    person.type(keys);
  }
  await person.read("NOT SERVING");
  t.is(textOf(machine), SETTINGS_TEXT);
  t.false(person.raw.includes(PASSPHRASE));
});
