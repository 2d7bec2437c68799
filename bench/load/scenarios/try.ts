import { labFolder, withLab } from "../../../tests/kit/lab/enclose.ts";
import { makeWorld } from "../world.ts";
import { measureRates } from "./rates.ts";
import { measureHeld } from "./held.ts";
import { measureLimit } from "./limit.ts";
if (labFolder() === undefined) process.exit(await withLab(import.meta.filename, process.argv.slice(2)));
const world = await makeWorld(Number(process.env.GEN ?? 2));
const what = process.argv[2];
if (what === "rates") console.log(JSON.stringify(await measureRates(world, {variants:["script","postern"],repetitions:1,seconds:3,nofile:20000,say:console.log}),null,1));
if (what === "held") console.log(JSON.stringify(await measureHeld(world, {variant:"postern",workers:5,nofile:20000,tunnels:Number(process.argv[3]??10000),say:console.log}),null,1));
if (what === "limit") { console.log(await measureLimit(world, "script")); console.log(await measureLimit(world, "postern")); }
await world.close();
process.exit(0);
