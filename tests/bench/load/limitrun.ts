/* Runs inside a lab (see limit.test.ts) and prints what it saw as one JSON line. */
import { measureLimit } from "../../../bench/load/scenarios/limit.ts";
import { makeWorld } from "../../../bench/load/world.ts";

const world = await makeWorld(1);
// Few at a time: what is on its way at one moment counts too, and the table is small.
const run = await measureLimit(world, "postern", 512, 16);
await world.close();
process.stdout.write(`RESULT ${JSON.stringify(run)}\n`, () => process.exit(0));
