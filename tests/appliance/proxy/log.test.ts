import test from "ava";
import { labProblem, runInLab } from "../../kit/lab/enclose.ts";

const SCRIPT = new URL("logrun.ts", import.meta.url).pathname;

const problem = await labProblem();
if (problem !== undefined) console.log(`skipped, ${problem}: no line of the log is lost`);

(problem === undefined ? test.serial : test.skip)(
  "each answer has its line in the log, also while Squid reads its rules again and the log is rotated",
  async (t) => {
    t.timeout(300_000);
    const { stdout } = await runInLab(SCRIPT);
    const { answered, lines } = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "{}") as {
      answered?: number;
      lines?: number;
    };
    t.true((answered ?? 0) > 100, stdout);
    t.is(lines, answered);
  },
);
