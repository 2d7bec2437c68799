import test from "ava";
import { tapResult } from "../../builder/commands/tap.ts";
import { runLanes } from "../boot/kit/lanes.ts";

/** Runs that end when the test says so. */
function runs() {
  const started: string[] = [];
  const ends = new Map<string, (code: number) => void>();
  return {
    started,
    run: (file: string): Promise<number> => {
      started.push(file);
      return new Promise((resolve) => ends.set(file, resolve));
    },
    async end(file: string, code = 0): Promise<void> {
      ends.get(file)?.(code);
      await new Promise(setImmediate);
    },
  };
}

test("a lane takes the next file as soon as it is free", async (t) => {
  const { started, run, end } = runs();
  const whole = runLanes(["a", "b", "c", "d"], 2, run, () => {});
  t.deepEqual(started, ["a", "b"]);
  await end("b");
  t.deepEqual(started, ["a", "b", "c"]);
  await end("c");
  await end("d");
  await end("a");
  t.is(await whole, 0);
});

test("every file is run though one fails, and the first bad code is the answer", async (t) => {
  const { started, run, end } = runs();
  const whole = runLanes(["a", "b", "c"], 1, run, () => {});
  await end("a");
  await end("b", 3);
  await end("c", 1);
  t.is(await whole, 3);
  t.deepEqual(started, ["a", "b", "c"]);
});

test("after an interrupt no lane takes another file", async (t) => {
  const { started, run, end } = runs();
  const interrupted = new AbortController();
  const whole = runLanes(["a", "b"], 1, run, () => {}, interrupted.signal);
  interrupted.abort();
  await end("a", 130);
  t.is(await whole, 130);
  t.deepEqual(started, ["a"]);
});

test("lines say whose they are, and results stay results", async (t) => {
  const lines: string[] = [];
  const said = [
    "TAP version 13",
    "ok 1 - it boots",
    "#   a log",
    "not ok 2 - it serves",
    "ok 3 - off # SKIP",
  ];
  const run = async (_file: string, onLine: (line: string) => void): Promise<number> => {
    said.forEach(onLine);
    return 1;
  };
  t.is(await runLanes(["tests/boot/9-thing.test.ts"], 2, run, (line) => lines.push(line)), 1);
  t.deepEqual(lines, [
    "  9-thing | TAP version 13",
    "ok 1 - 9-thing › it boots",
    "  9-thing | #   a log",
    "not ok 2 - 9-thing › it serves",
    "ok 3 - 9-thing › off # SKIP",
  ]);
  t.deepEqual(
    lines.map(tapResult).filter((result) => result !== undefined),
    ["passed", "failed", "skipped"],
  );
});
