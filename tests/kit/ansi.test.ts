import test from "ava";
import fc from "fast-check";
import { createStripper, stripAnsi } from "../boot/kit/ansi.ts";

const ESC = "\u001b";

const cases: readonly [name: string, raw: string, text: string][] = [
  ["plain", "login: ", "login: "],
  ["colour", `${ESC}[1;31mred${ESC}[0m`, "red"],
  ["cursor and erase", `a${ESC}[2J${ESC}[10;3Hb${ESC}[K`, "ab"],
  ["private mode", `${ESC}[?25lx${ESC}[?2004h`, "x"],
  ["title with BEL", `${ESC}]0;a title\u0007x`, "x"],
  ["title with ST", `${ESC}]3008;start=1${ESC}\\x`, "x"],
  ["device control string", `${ESC}P1$r0m${ESC}\\x`, "x"],
  ["charset", `${ESC}(Bx${ESC})0y`, "xy"],
  ["two characters", `${ESC}7x${ESC}8${ESC}c${ESC}=y`, "xy"],
  ["soft reset with intermediate", `${ESC}[!px`, "x"],
  ["escape begun anew", `${ESC}${ESC}[1mx`, "x"],
  ["string broken by another sequence", `${ESC}]0;t${ESC}[1mx`, "x"],
  ["carriage returns and bells go, newlines and tabs stay", "a\r\nb\u0007\tc\u0000", "a\nb\tc"],
  ["a carriage return alone begins a line", `a\r${ESC}[2Bb\r`, "a\nb"],
  ["beyond ASCII", `${ESC}[1m\u2502 \u25c6 \u{1F600}${ESC}[m`, "\u2502 \u25c6 \u{1F600}"],
];

for (const [name, raw, text] of cases) {
  test(`text without control sequences: ${name}`, (t) => {
    t.is(stripAnsi(raw), text);
  });
}

test("it does not matter where the stream is cut", (t) => {
  const piece = fc.constantFrom(...cases.map(([, raw]) => raw));
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat({ max: 60 })), (pieces, cuts) => {
      const whole = [...pieces.join("")];
      const strip = createStripper();
      let text = "";
      for (const cut of cuts) text += strip(whole.splice(0, cut).join(""));
      return text + strip(whole.join("")) === stripAnsi(pieces.join(""));
    }),
  );
  t.pass();
});

test("plain text comes through whole", (t) => {
  const plain = fc.stringMatching(/^[\n\t -~\u00a0-\u024f]*$/);
  fc.assert(fc.property(plain, (text) => stripAnsi(text) === text));
  t.pass();
});

test("a string that never ends swallows no more than a few kilobytes", (t) => {
  t.true(stripAnsi(`${ESC}]${"x".repeat(10_000)}the end`).endsWith("the end"));
});
