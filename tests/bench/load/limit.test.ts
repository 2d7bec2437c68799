import { join } from "node:path";
import test from "ava";
import { labProblem, runInLab } from "../../kit/lab/enclose.ts";

const problem = await labProblem();
if (problem !== undefined) console.log(`skipped, ${problem}: the real Squid without room`);
const inLab = problem === undefined ? test : test.skip;

inLab("a Squid without room holds what the formula says and refuses the others by name", async (t) => {
  t.timeout(110_000);
  const { stdout } = await runInLab(join(import.meta.dirname, "limitrun.ts"), [], { timeout: 100_000 });
  const run = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "{}");

  t.log(run);
  // The number of descriptors that Squid has of its own differs by a few between its versions.
  t.true(Math.abs(run.held - run.formula) <= 16, `${run.held} for ${run.formula}`);
  t.is(run.alive, run.held);
  t.deepEqual(run.failed, { "status 403": run.asked - run.held });
  t.is(run.logLines, run.asked - run.held);
  t.regex(run.logFirst, /"rule":"full"/);
});
