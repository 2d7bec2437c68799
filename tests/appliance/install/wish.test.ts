import test from "ava";
import type { InstallFile } from "../../../appliance/install/wish/file.ts";
import { readInstallFile } from "../../../appliance/install/wish/file.ts";
import { weigh } from "../../../appliance/install/wish/gather.ts";
import { matchDisk } from "../../../appliance/install/wish/match.ts";
import { SMALLEST } from "../settings/fixtures.ts";
import { disk, part } from "./disks.ts";

const FILE: InstallFile = {
  disk: { serial: "S1" },
  requireEmpty: true,
  // biome-ignore lint/suspicious/noThenProperty: the file's own word.
  then: "poweroff",
};

test("the least file names a disk; what is left out is the careful thing", (t) => {
  t.deepEqual(readInstallFile("disk: { serial: S1 }\n").file, FILE);
});

test("every field", (t) => {
  const text = "disk: { path: /dev/disk/by-id/nvme-X_1 }\nrequireEmpty: false\nthen: reboot\n";
  const { file } = readInstallFile(text);
  t.deepEqual(file?.disk, { path: "/dev/disk/by-id/nvme-X_1" });
  t.is(file?.requireEmpty, false);
  t.is(file?.then, "reboot");
});

const WRONG: readonly (readonly [string, string, readonly string[]])[] = [
  ["nothing", "", ["(document)"]],
  ["a list", "- a\n", ["(document)"]],
  ["no disk", "then: reboot\n", ["disk"]],
  ["an empty disk", "disk: {}\n", ["disk"]],
  ["two names", "disk: { serial: a, wwn: b }\n", ["disk"]],
  ["a number", "disk: { serial: 123456 }\n", ["disk.serial"]],
  ["a path elsewhere", "disk: { path: /etc/passwd }\n", ["disk.path"]],
  ["a path that climbs", "disk: { path: /dev/../etc/x }\n", ["disk.path"]],
  ["an unknown field", "disk: { serial: a }\nforce: true\n", ["force"]],
  [
    "everything at once",
    "disk: { serial: 1 }\nrequireEmpty: maybe\nthen: halt\n",
    ["disk.serial", "requireEmpty", "then"],
  ],
  ["no YAML", "disk: [\n", ["line 2"]],
];

for (const [what, text, paths] of WRONG) {
  test(`refused: ${what}`, (t) => {
    const { file, problems } = readInstallFile(text);
    t.is(file, undefined);
    t.deepEqual(
      problems.map(({ path }) => path),
      paths,
    );
  });
}

test("a disk is found by serial, WWN or path", (t) => {
  const disks = [
    { disk: disk({ serial: "S1" }) },
    { disk: disk({ path: "/dev/sdb", serial: "S2", wwn: "0xAB" }) },
  ];
  t.like(matchDisk(FILE, disks), { disk: { path: "/dev/sda" } });
  t.like(matchDisk({ ...FILE, disk: { serial: "s2" } }, disks), { disk: { path: "/dev/sdb" } });
  for (const wwn of ["0xab", "naa.AB", "wwn-0xab"]) {
    t.like(matchDisk({ ...FILE, disk: { wwn } }, disks), { disk: { path: "/dev/sdb" } });
  }
  t.like(matchDisk({ ...FILE, disk: { path: "/dev/sdb" } }, disks), { disk: { path: "/dev/sdb" } });
  const link = { ...FILE, disk: { path: "/dev/disk/by-id/x" } };
  t.like(matchDisk(link, disks, "/dev/sdb"), { disk: { path: "/dev/sdb" } });
});

const STOPS: readonly (readonly [string, Parameters<typeof matchDisk>[1], RegExp])[] = [
  ["no such disk", [{ disk: disk() }], /no disk has the serial number "S1"/],
  ["a disk without a serial", [{ disk: disk({ serial: "" }) }], /no disk has/],
  [
    "two of them",
    [{ disk: disk({ serial: "S1" }) }, { disk: disk({ path: "/dev/sdb", serial: "s1" }) }],
    /2 disks/,
  ],
  [
    "one that is left out",
    [{ disk: disk({ serial: "S1" }), leftOut: "read-only" }],
    /cannot be used: read-only/,
  ],
  ["a partition table", [{ disk: disk({ serial: "S1", table: "gpt" }) }], /not empty/],
  ["a file system", [{ disk: disk({ serial: "S1", own: { type: "xfs", label: "" } }) }], /not empty/],
  ["a partition", [{ disk: disk({ serial: "S1", parts: [part()] }) }], /not empty/],
];

for (const [what, disks, reason] of STOPS) {
  test(`stops: ${what}`, (t) => {
    const match = matchDisk(FILE, disks);
    t.regex("problem" in match ? match.problem : "", reason);
  });
}

test("a disk that is not empty is taken where that is said", (t) => {
  const disks = [{ disk: disk({ serial: "S1", table: "gpt", parts: [part()] }) }];
  t.like(matchDisk({ ...FILE, requireEmpty: false }, disks), { disk: { serial: "S1" } });
});

test("a stick's settings count before the medium's, and the others are named", (t) => {
  const stick = { from: "/dev/sdb1", text: SMALLEST };
  const medium = { from: "the installation medium", text: `${SMALLEST}hostname: other\n` };
  const wishes = weigh([], [stick, medium], []);
  t.deepEqual(wishes.settings, stick);
  t.deepEqual(wishes.problems, []);
  t.regex(wishes.notes.join("\n"), /the installation medium are not taken/);
});

test("two install files that differ stop; the same twice does not", (t) => {
  const one = { from: "/dev/sdb1", text: "disk: { serial: S1 }\n" };
  const other = { from: "the installation medium", text: "disk: { serial: S2 }\n" };
  t.regex(weigh([one, other], [], []).problems.join(), /more than once/);
  t.deepEqual(weigh([one, { ...one, from: "x" }], [], []).problems, []);
});

test("settings that are wrong stop an unattended installation", (t) => {
  const { problems, settings } = weigh([], [{ from: "/dev/sdb1", text: "schema: 1\n" }], []);
  t.regex(problems.join(), /settings\.yaml of \/dev\/sdb1: clients/);
  t.truthy(settings);
});

test("an install file of a stranger's size is not read", (t) => {
  const huge = { from: "/dev/sdb1", text: `disk: { serial: "${"x".repeat(20_000)}" }\n` };
  const wishes = weigh([huge], [], []);
  t.is(wishes.file, undefined);
  t.regex(wishes.problems.join(), /more than/);
});
