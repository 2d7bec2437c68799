import test from "ava";
import { assertAttacked } from "../kit/lab/assert.ts";
import { attackedInLab } from "../kit/lab/attacked.ts";
import { labProblem } from "../kit/lab/enclose.ts";
import { treeSource } from "../kit/lab/tree.ts";
import { PATIENCE } from "./kit/patience.ts";

const problem = (await treeSource()) === undefined ? "no sealed tree of a built image" : await labProblem();
if (problem !== undefined) console.log(`skipped, ${problem}: the attack on the image's Squid`);

(problem === undefined ? test.serial : test.skip)(
  "the image's Squid refuses every attack, and the public script's configuration does not",
  async (t) => {
    t.timeout(PATIENCE);
    const report = await attackedInLab("tree", "whole");
    t.true(report.isImage);
    assertAttacked(t, report);
  },
);
