import test from "ava";
import { bootRecorder } from "../../../builder/commands/bootrecorder.ts";

/** As tests/boot/run.ts prints two files that run side by side, each with its second. */
const LINES: readonly (readonly [second: number, line: string])[] = [
  [0, "  1-ova | TAP version 13"],
  [1, "  6-hardening | TAP version 13"],
  [61.2, "ok 1 - 1-ova › it boots"],
  [61.2, "  1-ova | #   first question after 60.1 s"],
  [64, "not ok 2 - 1-ova › a name is let through, and # SKIP is no word of its title"],
  [64, "  1-ova |   ---"],
  [64, "  1-ova |     message: ok 7 - of another"],
  [70, "ok 1 - 6-hardening › ssh-audit has nothing to say"],
  [70, "  6-hardening | skipped, takes half an hour; POSTERN_LONG=1 measures it: lynis"],
  [71, "ok 2 - 6-hardening › lynis reaches its index"],
  [71, "  6-hardening | #   not measured (lynis): takes half an hour; POSTERN_LONG=1 measures it"],
  [72, "  0-attack | skipped, no sealed tree of a built image: the attack on the image's Squid"],
  [73, "ok 1 - 0-attack › the image's Squid refuses every attack # SKIP"],
];

test("each test is told with its file, its result, its time and why it was skipped", (t) => {
  let now = 0;
  const recorder = bootRecorder(() => now * 1000);
  for (const [second, line] of LINES) {
    now = second;
    recorder.take(line);
  }
  t.deepEqual(recorder.tests(), [
    {
      ...{
        group: "0-attack",
        title: "the image's Squid refuses every attack",
        result: "skipped",
        seconds: 0,
      },
      reason: "no sealed tree of a built image",
    },
    { group: "1-ova", title: "it boots", result: "passed", seconds: 61.2 },
    {
      ...{ group: "1-ova", title: "a name is let through, and # SKIP is no word of its title" },
      ...{ result: "failed", seconds: 2.8 },
    },
    { group: "6-hardening", title: "ssh-audit has nothing to say", result: "passed", seconds: 69 },
    {
      ...{ group: "6-hardening", title: "lynis reaches its index", result: "skipped", seconds: 1 },
      reason: "takes half an hour; POSTERN_LONG=1 measures it",
    },
  ]);
});

test("a run of one file has no names of files", (t) => {
  const recorder = bootRecorder(() => 0);
  for (const line of ["TAP version 13", "skipped, no root: it", "ok 1 - it # SKIP", "ok 2 - that"])
    recorder.take(line);
  t.deepEqual(recorder.tests(), [
    { group: "", title: "it", result: "skipped", seconds: 0, reason: "no root" },
    { group: "", title: "that", result: "passed", seconds: 0 },
  ]);
});
