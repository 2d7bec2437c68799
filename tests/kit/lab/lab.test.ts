import { join } from "node:path";
import test from "ava";
import { labProblem, runInLab } from "./enclose.ts";
import { startLab } from "./lab.ts";

const problem = await labProblem();
if (problem !== undefined) console.log(`skipped, ${problem}: the tests of the lab`);
const inLab = problem === undefined ? test.serial : test.skip;

inLab("a lab's Squid runs as proxy without a capability, reloads and rotates, and ends whole", async (t) => {
  const { stdout } = await runInLab(join(import.meta.dirname, "labrun.ts"), [], { timeout: 100_000 });
  const seen = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "{}");

  t.log(seen);
  t.regex(seen.version, /^\d+\.\d+/);
  t.true(seen.processes >= 4, "a master, a coordinator and two workers");
  t.not(seen.uid, "0");
  t.is(seen.bounding, "0000000000000000");
  t.is(seen.files, "2048");
  t.deepEqual(seen.answers, [
    "503 Service Unavailable",
    "200 Connection established",
    "200 Connection established",
  ]);
  t.true(seen.asked);
  t.is(seen.left, 0);
});

test("outside of its namespaces there is no lab", async (t) => {
  await t.throwsAsync(startLab(), { message: /namespaces of its own/ });
});
