import test from "ava";
import { markerFile, markerVersion } from "../../../appliance/install/marker.ts";
import { durationText, type InstallState, paceOf } from "../../../appliance/install/state.ts";
import { ownEntries } from "../../../appliance/install/work/firmware.ts";
import { logArguments, rootArguments } from "../../../appliance/install/work/format.ts";
import { freshIds } from "../../../appliance/install/work/ids.ts";

const STATE: InstallState = {
  phase: "working",
  pid: 1,
  disk: "/dev/sda",
  afterwards: "ask",
  step: "copy",
  done: 0,
  total: 0,
  started: 0,
  stepStarted: 1000,
  notes: [],
};

test("no two machines have an id in common, and none is used twice", (t) => {
  const ids = [freshIds(), freshIds()].flatMap((one) => Object.values(one).map(String));
  t.is(new Set(ids).size, ids.length);
});

test("a large log gets no more inode tables than it can use", (t) => {
  const inodes = (gib: number): number => {
    const args = logArguments("/dev/x", gib * 1024 ** 3, freshIds());
    return (gib * 1024 ** 3) / Number(args[args.indexOf("-i") + 1]);
  };
  t.is(inodes(12), (12 * 1024 ** 3) / 65536);
  for (const gib of [256, 500, 8000, 100_000]) t.true(inodes(gib) <= 2 ** 22 && inodes(gib) > 2 ** 19);
});

test("the root's tables are laid at once, the log's while the machine runs", (t) => {
  t.regex(rootArguments("/dev/x", "u", "s").join(" "), /lazy_itable_init=0/);
  t.regex(logArguments("/dev/x", 1e10, freshIds()).join(" "), /lazy_itable_init=1/);
});

test("a marker says the version, and nothing else counts as one", (t) => {
  const release = { version: "1.2.3", base: "debian-13" };
  t.is(markerVersion(Buffer.from(markerFile(release).bytes).toString()), "1.2.3");
  for (const text of [
    "",
    "{}",
    "null",
    "[]",
    '{"version":1}',
    '{"version":"\\u001b[2J"}',
    '{"version":""}',
  ]) {
    t.is(markerVersion(text), undefined, text);
  }
});

test("the firmware's entries of our own", (t) => {
  t.deepEqual(
    ownEntries("Boot0001* Postern\nBoot0002* postern\tHD\nBoot00AF  Postern\tHD(1)\nBoot0003* debian\n"),
    ["0001", "0002", "00AF"],
  );
  t.deepEqual(ownEntries("BootOrder: 0001\nBoot0004* Posterne\tHD\nBoot0005* My Postern\tHD\n"), []);
});

test("time left follows the pace of the step", (t) => {
  t.deepEqual(paceOf(STATE, 9000), { percent: undefined, left: undefined });
  t.deepEqual(paceOf({ ...STATE, total: 100, done: 25 }, 11_000), { percent: 25, left: 30 });
  t.deepEqual(
    paceOf({ ...STATE, total: 100, done: 1 }, 2000),
    { percent: 1, left: undefined },
    "too early to say",
  );
  t.deepEqual(paceOf({ ...STATE, total: 100, done: 100 }, 11_000), { percent: 100, left: 0 });
});

for (const [seconds, text] of [
  [0, "0 s"],
  [59.4, "59 s"],
  [61, "1 min 1 s"],
  [3661, "1 h 1 min"],
] as const) {
  test(`${seconds} seconds are ${text}`, (t) => t.is(durationText(seconds), text));
}
