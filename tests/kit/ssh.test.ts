import test from "ava";
import fc from "fast-check";
import { run } from "../../builder/host/run.ts";
import { shellQuoted } from "../boot/kit/ssh.ts";

test("a word survives a real shell, whatever is in it", async (t) => {
  const word = fc.string({ unit: fc.constantFrom(..."ab '\"\\$`;&|<>(){}[]*?!#~=%\n\t-") });
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (words) => {
      const script = ["printf", "%s\\0", ...words].map(shellQuoted).join(" ");
      const { stdout } = await run("sh", ["-c", script]);
      return words.length === 0 || stdout === words.map((each) => `${each}\0`).join("");
    }),
    { numRuns: 60 },
  );
  t.pass();
});
