import test from "ava";
import { bytesText, cut, plainText, secondsText, tableText } from "../../../builder/host/text.ts";
import { barText } from "../../../builder/pipeline/report/bar.ts";
import type { BuildEvent } from "../../../builder/pipeline/report/events.ts";
import { jsonReporter } from "../../../builder/pipeline/report/json.ts";
import { linesReporter } from "../../../builder/pipeline/report/lines.ts";
import { progressFor } from "../../../builder/pipeline/report/progress.ts";
import { terminalReporter } from "../../../builder/pipeline/report/terminal.ts";

test("amounts and times read as people say them", (t) => {
  t.deepEqual([0, 1023, 1536, 104857600, 16 * 1024 ** 3].map(bytesText), [
    "0 B",
    "1023 B",
    "1.5 KiB",
    "100 MiB",
    "16.0 GiB",
  ]);
  t.deepEqual([0.04, 9.96, 12.4, 59.6, 185, 3720].map(secondsText), [
    "0.0 s",
    "10.0 s",
    "12 s",
    "1 min 00 s",
    "3 min 05 s",
    "1 h 02 min",
  ]);
});

test("what a tool says cannot steer the terminal", (t) => {
  t.is(plainText("\u001b[2J\u001b]0;title\u0007a\r\nb\u0000\u009bc"), "a b");
  t.is(cut("123456789", 6), "123...");
});

test("a table's columns line up, and no line ends in blanks", (t) => {
  t.is(
    tableText(
      [
        ["a", "1", ""],
        ["long", "22", "x"],
      ],
      " ",
    ),
    " a     1\n long  22  x\n",
  );
});

test("a bar has rate and time left as soon as they mean something", (t) => {
  const from = { done: 0, at: 0 };
  t.is(barText({ from, done: 25, total: 100, unit: "items" }, 500), "[#####...............]   25%");
  t.is(
    barText({ from, done: 25 * 1024 ** 2, total: 100 * 1024 ** 2, unit: "bytes" }, 5000),
    "[#####...............]   25%  5.0 MiB/s  15 s left",
  );
  t.is(
    barText({ from, done: 100, total: 100, unit: "items" }, 10_000),
    "[####################]  100%  10.0/s",
  );
  t.is(barText({ from, done: 0, total: 0, unit: "items" }, 0), "[####################]  100%");
});

const EVENTS: BuildEvent[] = [
  { event: "stage-start", stage: "base", title: "root tree" },
  { event: "step-start", stage: "base", step: 1, parent: null, title: "install" },
  { event: "bar", stage: "base", step: 1, done: 5, total: 10, unit: "items" },
  { event: "note", stage: "base", text: "unpacking" },
  { event: "step-end", stage: "base", step: 1, title: "install", ok: true, seconds: 3 },
  { event: "damaged", stage: "disk", problem: "file disk.raw is missing" },
  { event: "stage-end", stage: "base", outcome: "built", seconds: 12 },
];

test("without a terminal: a line at each start and end", (t) => {
  let text = "";
  const reporter = linesReporter((more) => {
    text += more;
  });
  EVENTS.forEach(reporter.emit);
  t.deepEqual(text.split("\n"), [
    "base: start: root tree",
    "base: install",
    "base: unpacking",
    "base: install: done, 3.0 s",
    "disk: its cache entry is damaged (file disk.raw is missing): moved away, built again",
    "base: built, 12 s",
    "",
  ]);
});

test("for programs: one JSON document a line, even when a text has line breaks", (t) => {
  let text = "";
  const reporter = jsonReporter((more) => {
    text += more;
  });
  const events: BuildEvent[] = [...EVENTS, { event: "note", stage: null, text: "a\nb" }];
  events.forEach(reporter.emit);
  const lines = text.trimEnd().split("\n");
  t.deepEqual(
    lines.map((line) => JSON.parse(line)),
    events,
  );
});

/** What is on a terminal after all that was written: only what this reporter uses is understood. */
function screenOf(written: string): string[] {
  const lines: string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is looked for.
  for (const part of written.split(/(\u001b\[\d+A\u001b\[J|\n)/)) {
    const up = /\[(\d+)A/.exec(part)?.[1];
    if (up !== undefined) lines.splice(lines.length - Number(up));
    else if (part !== "\n" && part !== "") lines.push(part);
  }
  return lines;
}

test("on a terminal: what runs now is at the bottom, nested, and goes when it is done", (t) => {
  let written = "";
  let now = 0;
  const write = (text: string): void => {
    written += text;
  };
  const screen = { write, columns: () => 60 };
  const reporter = terminalReporter(screen, () => now);
  const show = (events: readonly BuildEvent[]): string[] => {
    events.forEach(reporter.emit);
    // A lasting line makes it draw.
    reporter.emit({ event: "note", stage: null, text: "mark" });
    return screenOf(written);
  };
  now = 2000;
  show(EVENTS.slice(0, 2));
  now = 4000;
  t.deepEqual(show(EVENTS.slice(2, 4)).slice(-5), [
    "mark",
    "  base: root tree  2.0 s",
    "    install  2.0 s",
    "      [##########..........]   50%",
    "      unpacking",
  ]);
  const after = show(EVENTS.slice(4));
  const [long = ""] = show([{ event: "stage-start", stage: "long", title: "x".repeat(200) }]).slice(-1);
  t.is(long.length, 59, "a line that wraps would be counted as one and left behind");
  reporter.close();
  t.deepEqual(after.slice(2), [
    "base: install: done, 3.0 s",
    "disk: its cache entry is damaged (file disk.raw is missing): moved away, built again",
    "base: built, 12 s",
    "mark",
  ]);
});

test("progress becomes events: nested steps know their parent, and a failed one says so", async (t) => {
  const events: BuildEvent[] = [];
  const progress = progressFor({ emit: (event) => events.push(event), close: () => undefined }, "base");
  await t.throwsAsync(
    progress.step("outer", (outer) =>
      outer.step("inner", async (inner) => {
        for (let done = 0; done <= 1000; done++) inner.bar(done, 1000, "items");
        throw new Error("no");
      }),
    ),
  );
  const [outer, inner] = events;
  t.true(outer?.event === "step-start" && inner?.event === "step-start" && inner.parent === outer.step);
  const bars = events.filter(({ event }) => event === "bar");
  t.true(bars.length >= 2 && bars.length < 100, "not one event for each word of progress");
  t.like(bars.at(-1), { done: 1000 }, "the end is always told");
  t.deepEqual(
    events.slice(-2).map((event) => event.event === "step-end" && event.ok),
    [false, false],
  );
});
