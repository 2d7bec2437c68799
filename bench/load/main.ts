#!/usr/bin/env node
import { PosternError } from "../../builder/error.ts";
/**
 * Postern's proxy beside the public script's, under load: `npm run bench` (about ten minutes), with `--quick` to
 * see that it works, or `npm run bench -- soak --minutes 20`. Everything happens in namespaces of its own, with
 * the real Squid of the newest build. Leaves docs/bench.json, bench.md and bench.svg.
 */
import { exitWith } from "../../tests/boot/kit/enclose.ts";
import { labFolder, labProblem, withLab } from "../../tests/kit/lab/enclose.ts";
import { machineFacts } from "./machine.ts";
import { parseOptions } from "./options.ts";
import { runParts, runSoak } from "./parts.ts";
import { keepResults, readResults } from "./store.ts";
import { makeWorld } from "./world.ts";

/** Processes of the generator: each may open as many files as a worker of Squid, and uses one for a tunnel. */
const PROCESSES = 4;

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (labFolder() === undefined) {
    const problem = await labProblem();
    if (problem === undefined) return withLab(import.meta.filename, args);
    throw new PosternError({ code: "host.namespace", message: problem, hint: "sudo npm run bench" });
  }
  process.on("SIGINT", () => {
    console.log("interrupted; what was kept before stays");
    process.exit(130);
  });
  const world = await makeWorld(PROCESSES);
  try {
    const machine = await machineFacts(world.lab.version);
    const before = readResults();
    const keep = options.quick
      ? async () => console.log("quick: nothing is written")
      : async (part: object) => keepResults({ ...readResults(), ...part, machine });
    if (options.soak !== undefined) await runSoak(world, options.soak, machine.nofile, keep);
    else await runParts(world, options, machine, keep);
    if (before !== undefined && before.machine.squid !== machine.squid)
      console.log(`parts that were not run again are of Squid ${before.machine.squid}`);
    return 0;
  } finally {
    await world.close();
  }
}

await exitWith(() => main(process.argv.slice(2)));
process.exit();
