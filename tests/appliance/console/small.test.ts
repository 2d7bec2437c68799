import test from "ava";
import fc from "fast-check";
import { pageText } from "../../../appliance/console/asking/frame.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { KEYS } from "../kit/terminal.ts";
import { answer, configured, LoggedIn, SHORTEST, sit } from "./sitting.ts";

const { enter, esc, up, down, clear, interrupt } = KEYS;

const SIZES = [
  [80, 24],
  [40, 9],
  [132, 50],
] as const;

for (const [columns, rows] of SIZES) {
  test(`a first boot at ${columns}x${rows}: no page scrolls, each says what it asks`, async (t) => {
    const { person } = sit(t, { columns, rows });
    const cut = (text: string) => text.slice(0, columns - 8);

    await answer(person, [
      ...SHORTEST.map(([question, keys]) => [cut(question), keys] as const),
      [cut("Review: apply these settings?"), `1${enter}`],
      [cut("Applied, but not every check passed"), ""],
    ]);
    await person.see("Enter");

    t.is(person.screen.scrolled, 0);
  });
}

test("at 40x9 a list scrolls inside, and Tab shows the rest of an explanation", async (t) => {
  const machine = makeMachine(tempFolder(t));
  const { person } = sit(t, { machine, columns: 40, rows: 9, line: "tty1" });

  await person.see("more below");
  person.type(up);
  await person.see("> 22. Another layout");
  t.regex(person.screen.text, /more above/);
  t.regex(person.screen.text, /Tab: more/);
  person.type("\t");
  await person.see("of a password lie. On the next page");
  person.type("\t");
  await person.see("you can try it.");
  t.false(person.screen.text.includes("The layout decides"), "by turns");
  t.is(person.screen.scrolled, 0);
});

test("Ctrl-L draws everything anew", async (t) => {
  const { person } = sit(t);
  await person.see("> 1. DHCP");

  person.screen.write("\u001b[Hnoise of the kernel");
  person.type("\u000c");

  await person.see("Postern 1.0.0   first boot");
  t.false(person.screen.text.includes("noise"));
  t.regex(person.screen.text, /> 1\. DHCP/);
});

test("keys that a line editor would take for its own do nothing", async (t) => {
  const { person } = sit(t);

  await answer(person, [
    ["> 1. DHCP", "\u0004\u0000"],
    ["> 1. DHCP", down],
    ["> 2. Static", enter],
    ["Network: address of this machine", "\u0004\u001a\u001c10.20.0.5/24"],
    ["network 10.20.0.0/24", enter],
  ]);
  await person.see("Network: gateway");
  t.pass();
});

test("a page is never as high as its terminal", (t) => {
  const words = fc.string({ unit: fc.constantFrom("a", "b", " ", "é", "\u001b"), maxLength: 200 });
  fc.assert(
    fc.property(
      fc.record({
        header: words,
        title: words,
        lines: fc.array(words, { maxLength: 30 }),
        body: fc.array(fc.string({ unit: fc.constantFrom("x", " "), maxLength: 30 }), {
          minLength: 1,
          maxLength: 40,
        }),
        at: fc.nat(39),
        help: fc.constant(["a long help with many words for wide terminals", "short"]),
        turns: fc.nat(100),
      }),
      fc.integer({ min: 32, max: 200 }),
      fc.integer({ min: 9, max: 60 }),
      (page, columns, rows) => {
        const at = Math.min(page.at, page.body.length - 1);
        const body = page.body.map((row, index) => (index === at ? "> here" : row));
        const text = pageText({ ...page, body, at }, { columns, rows });
        const drawn = text.split("\n");
        // biome-ignore lint/suspicious/noControlCharactersInRegex: bold takes no room.
        const widths = drawn.map((row) => row.replaceAll(/\u001b\[\d*m/g, "").length);
        return drawn.length < rows && widths.every((width) => width < columns) && drawn.includes("> here");
      },
    ),
  );
  t.pass();
});

/** Keys that a person, a cat or a broken line may send. */
const anyKey = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(enter, esc, up, down, " ", "\t", clear, interrupt, "\u000c") },
  {
    weight: 3,
    arbitrary: fc.constantFrom("1", "2", "3", "4", "9", "10.0.0.1/24", "10.0.0.2", "own", "-1", "back"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "\u001b[",
      "\u001b[5~",
      "\u001bO",
      "\u001b[[A",
      "\u0004",
      "\u001a",
      "é",
      "\u0000",
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);

for (const [isPlain, columns, rows] of [
  [false, 80, 24],
  [false, 40, 9],
  [true, 80, 24],
] as const) {
  test(`any keys: the console lives and nothing scrolls (${isPlain ? "plain" : `${columns}x${rows}`})`, async (t) => {
    const run = fc.asyncProperty(
      fc.array(anyKey, { minLength: 1, maxLength: 40 }),
      fc.boolean(),
      async (keys, isNew) => {
        const machine = isNew ? makeMachine(tempFolder(t)) : configured(t);
        const { person, ended } = sit(t, { machine, isPlain, columns, rows, line: isNew ? "tty1" : "ttyS0" });
        lay(machine.paths.root, "/proc/sys/kernel/printk", "4 4 1 7\n");
        let crashed: unknown;
        ended.catch((error: unknown) => {
          if (!(error instanceof LoggedIn)) crashed = error;
        });
        await person.read("Postern");
        for (const key of keys) {
          person.type(key);
          await person.calm();
        }
        person.input.end();
        await ended.catch(() => {});
        return crashed === undefined && (isPlain || person.screen.scrolled === 0);
      },
    );
    await fc.assert(run, { numRuns: 25, endOnFailure: true });
    t.pass();
  });
}
