import { join } from "node:path";
import test from "ava";
import { labProblem, runInLab } from "../../kit/lab/enclose.ts";
import { hasTool } from "../kit/tools.ts";

const problem = (await labProblem()) ?? (hasTool("logrotate") ? undefined : "needs logrotate");
if (problem !== undefined) console.log(`skipped, ${problem}: rotation of Squid's log under traffic`);
const inLab = problem === undefined ? test.serial : test.skip;

inLab("no line is lost or torn while logrotate takes the log away under traffic", async (t) => {
  const { stdout } = await runInLab(join(import.meta.dirname, "rotationrun.ts"), [], { timeout: 150_000 });
  const seen = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "{}");

  t.log(seen);
  t.true(seen.asked > 1600);
  t.deepEqual(
    { kept: seen.kept, twice: seen.twice, torn: seen.torn },
    { kept: seen.asked, twice: 0, torn: 0 },
  );
  t.is(seen.idle, 0, "neither old nor big: nothing is rotated");
  t.deepEqual(seen.rotated, { size: 1, age: 1, force: 1 });
});
