import { existsSync } from "node:fs";
import test from "ava";
import { assertAttacked } from "../../kit/lab/assert.ts";
import { attackedInLab } from "../../kit/lab/attacked.ts";
import { labProblem } from "../../kit/lab/enclose.ts";

const problem = existsSync("/usr/sbin/squid")
  ? process.getuid?.() === 0
    ? await labProblem()
    : "the host's own Squid needs root"
  : "not installed: squid";
if (problem !== undefined) console.log(`skipped, ${problem}: the attack on the host's own Squid`);

(problem === undefined ? test.serial : test.skip)(
  "the host's own Squid holds with our rules what it loses with the public script's",
  async (t) => {
    t.timeout(480_000);
    assertAttacked(t, await attackedInLab("host", "quick"));
  },
);
