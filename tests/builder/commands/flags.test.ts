import test from "ava";
import { type FlagSpec, parseArguments } from "../../../builder/commands/flags.ts";

const SPECS: FlagSpec[] = [
  { name: "--out", kind: "text" },
  { name: "--formats", kind: "list" },
  { name: "--jobs", kind: "number", least: 1, most: 8 },
  { name: "--json", kind: "switch" },
];

const GOOD: [string[], Record<string, unknown>, string[]][] = [
  [[], {}, []],
  [["--out", "a", "--json"], { "--out": "a", "--json": true }, []],
  [["--out=a=b"], { "--out": "a=b" }, []],
  [["--out=--json"], { "--out": "--json" }, []],
  [["--formats", "a,b", "--formats=c"], { "--formats": ["a", "b", "c"] }, []],
  [["--jobs", "8", "word"], { "--jobs": 8 }, ["word"]],
  [["one", "--", "--out", "-x"], {}, ["one", "--out", "-x"]],
  [["-"], {}, ["-"]],
];
for (const [args, flags, words] of GOOD) {
  test(`flags: ${args.join(" ") || "(none)"}`, (t) => {
    t.deepEqual(parseArguments(args, SPECS), { flags, words, problems: [] });
  });
}

const BAD: [string[], string[]][] = [
  [["--out"], ["--out: a value; nothing"]],
  [["--out", "--json"], ["--out: a value; nothing"]],
  [["--out="], ['--out: a value; ""']],
  [["--json=yes"], ['--json: no value; "yes"']],
  [
    ["--jobs", "9", "--ou", "x"],
    [
      '--jobs: a whole number from 1 to 8; "9"',
      "--ou: a flag of this command (did you mean --out?); an unknown one",
    ],
  ],
  [["--jobs=1e0"], ['--jobs: a whole number from 1 to 8; "1e0"']],
  [["--json", "--json"], ["--json: only once; it again"]],
  [["-j"], ["-j: a flag of this command; an unknown one"]],
  [["--__proto__=x"], ["--__proto__: a flag of this command; an unknown one"]],
];
for (const [args, problems] of BAD) {
  test(`wrong flags: ${args.join(" ")}`, (t) => {
    const found = parseArguments(args, SPECS).problems.map(
      ({ path, expected, got }) => `${path}: ${expected}; ${got}`,
    );
    t.deepEqual(found, problems);
  });
}
