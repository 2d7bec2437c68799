import test from "ava";
import { PARTS, parseOptions } from "../../../bench/load/options.ts";

for (const [args, expected] of [
  [[], { parts: PARTS, soak: undefined, quick: false }],
  [["--quick"], { parts: PARTS, soak: undefined, quick: true }],
  [["--only", "held,limit"], { parts: ["held", "limit"], soak: undefined, quick: false }],
  [["soak"], { parts: [], soak: 20, quick: false }],
  [["soak", "--minutes", "3"], { parts: [], soak: 3, quick: false }],
] as const) {
  test(`bench ${args.join(" ")}`, (t) => t.deepEqual(parseOptions(args), expected));
}

for (const args of [
  ["--only", "rate"],
  ["--minutes", "3"],
  ["soak", "--minutes", "0"],
  ["soak", "--minutes", "61"],
  ["soak", "--minutes", "x"],
  ["soak", "more"],
  ["load"],
  ["--what"],
]) {
  test(`not understood: bench ${args.join(" ")}`, (t) => {
    const error = t.throws(() => parseOptions(args), { message: /\S/ });
    t.regex(error !== undefined && "code" in error ? String(error.code) : "", /^input\./);
  });
}
