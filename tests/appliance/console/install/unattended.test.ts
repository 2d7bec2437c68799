import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { PARTITION_TYPE } from "../../../../appliance/disk/layout.ts";
import { disk, part } from "../../install/disks.ts";
import { KEYS } from "../../kit/terminal.ts";
import { SMALLEST } from "../../settings/fixtures.ts";
import { changes, liveMachine, runs, says, sit, tellState } from "./sitting.ts";

const { enter, down } = KEYS;
const WISH = "disk: { serial: S1 }\n";
const MINE = disk({ serial: "S1" });

test("a moment to stop it; stopped on one console, it is stopped on the other", async (t) => {
  const machine = liveMachine(t, [MINE], { files: { "install.yaml": WISH, "settings.yaml": SMALLEST } });
  const one = sit(t, { machine, countdown: 60_000 });
  const other = sit(t, { machine, countdown: 60_000, line: "tty1" });
  await says(one.person, "Unattended installation");
  await says(one.person, "s Postern is installed on this disk, without a question:");
  await says(other.person, "Unattended installation");
  one.person.type(`${down}${enter}`);
  await says(one.person, "Postern was not installed by itself");
  await says(one.person, "was stopped at a console");
  await says(other.person, "was stopped at a console");
  t.deepEqual(changes(machine), []);
});

test("without a key it begins by itself", async (t) => {
  const machine = liveMachine(t, [MINE], { files: { "install.yaml": WISH } });
  const { person } = sit(t, { machine });
  // There are no facts of an image here: it fails before anything is written.
  await says(person, "Postern was not installed");
  await says(person, "does not say how this image starts");
  t.regex(readFileSync(join(machine.paths.live, "install.log"), "utf8"), /serial S1/);
  person.type(enter);
  await says(person, "Install Postern 1.0.0 on this server?");
  t.deepEqual(changes(machine), [], "a failed one is not begun again");
});

test("two consoles that count down to the same moment install once", async (t) => {
  const machine = liveMachine(t, [MINE], { files: { "install.yaml": WISH } });
  const both = [sit(t, { machine }), sit(t, { machine, line: "tty1" })];
  for (const { person } of both) await says(person, "does not say how this image starts");
  const log = readFileSync(join(machine.paths.live, "install.log"), "utf8");
  t.is(log.match(/ goes onto /g)?.length, 1, log);
});

const STOPS: readonly (readonly [string, Parameters<typeof disk>[0], Record<string, string>, string])[] = [
  ["another disk", { serial: "S2" }, { "install.yaml": WISH }, 'no disk has the serial number "S1"'],
  [
    "a disk with a table",
    { serial: "S1", table: "dos" },
    { "install.yaml": WISH },
    "is not empty: DOS partition",
  ],
  ["a stick", { serial: "S1", transport: "usb" }, { "install.yaml": WISH }, "cannot be used: a disk on USB"],
  [
    "a file that is wrong",
    { serial: "S1" },
    { "install.yaml": "disk: {}\n" },
    "serial, wwn or path of the disk",
  ],
  [
    "settings that are wrong",
    { serial: "S1" },
    { "install.yaml": WISH, "settings.yaml": "schema: 1\n" },
    "clients",
  ],
];

for (const [what, more, files, reason] of STOPS) {
  test(`stops and asks: ${what}`, async (t) => {
    const machine = liveMachine(t, [disk(more)], { files });
    const { person } = sit(t, { machine });
    await says(person, "Postern was not installed by itself");
    await says(person, reason);
    t.deepEqual(changes(machine), []);
  });
}

test("stops and asks: wipefs sees what lsblk did not", async (t) => {
  const machine = liveMachine(t, [MINE], { files: { "install.yaml": WISH } });
  machine.answers.set("wipefs --no-act", { stdout: "zfs_member\nzfs_member\n" });
  const { person } = sit(t, { machine });
  await says(person, "is not empty: zfs_member");
  t.deepEqual(changes(machine), []);
});

test("stops and asks: Postern is there already, whatever the file says", async (t) => {
  const esp = part({ path: "/dev/sda2", type: "vfat", typeId: PARTITION_TYPE.esp });
  const machine = liveMachine(t, [disk({ serial: "S1", table: "gpt", parts: [esp] })], {
    files: { "install.yaml": `${WISH}requireEmpty: false\n` },
  });
  const { run } = machine;
  machine.run = async (command, args, options) => {
    const folder = args.at(-1) ?? "";
    if (command === "mount" && folder.includes("medium-")) {
      const { mkdirSync, writeFileSync } = await import("node:fs");
      mkdirSync(join(folder, "EFI/postern"), { recursive: true });
      writeFileSync(join(folder, "EFI/postern/installed.json"), '{"version":"0.9.0"}');
    }
    return run(command, args, options);
  };
  const { person } = sit(t, { machine });
  await says(person, "This server has Postern already");
  await says(person, "Postern 0.9.0 on /dev/sda");
  await says(person, "> 1. Start what is installed");
  await says(person, "2. Install again");
  t.deepEqual(changes(machine), []);
  person.type(enter);
  await says(person, "The server restarts");
  await runs(machine, "systemctl reboot");
});

for (const [afterwards, ends] of [
  ["poweroff", "systemctl poweroff"],
  ["reboot", "systemctl reboot"],
] as const) {
  test(`at its end the server does by itself what was wished: ${afterwards}`, async (t) => {
    const machine = liveMachine(t, [MINE]);
    tellState(machine, { phase: "done", afterwards });
    const { person } = sit(t, { machine });
    await says(person, "by itself in");
    await runs(machine, ends);
    t.pass();
  });
}

test("an installation that somebody confirmed by hand waits for a person at its end", async (t) => {
  const machine = liveMachine(t, [MINE]);
  tellState(machine, { phase: "done" });
  const { person } = sit(t, { machine });
  await says(person, "Detach the installation medium now");
  await person.calm(1500);
  t.deepEqual(changes(machine), []);
  t.false(existsSync(join(machine.paths.live, "held")));
});
