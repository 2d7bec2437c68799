#!/usr/bin/env node
/** Attacks the base's Squid in the lab and writes `docs/attack.md` of what came: `npm run attack-report`. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attackedInLab } from "../tests/kit/lab/attacked.ts";
import { attackPage } from "./generate/attackpage.ts";

const report = await attackedInLab("tree", "whole");
if (!report.isImage)
  throw new Error(
    `this would be about the host's own Squid ${report.version}; first: ./postern build, or POSTERN_TREE=FOLDER`,
  );
await writeFile(join(import.meta.dirname, "attack.md"), attackPage(report));
console.log("docs/attack.md");
