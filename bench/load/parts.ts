import { takenNow } from "./machine.ts";
import type { Options } from "./options.ts";
import type { HeldRun, LimitRun, Machine, Results } from "./results.ts";
import { measureHeld } from "./scenarios/held.ts";
import { measureLimit } from "./scenarios/limit.ts";
import { measureRates } from "./scenarios/rates.ts";
import { measureSoak } from "./scenarios/soak.ts";
import { measureSteady } from "./scenarios/steady.ts";
import { capacity, VARIANTS } from "./variants.ts";
import type { World } from "./world.ts";

/** Adds a part to what is kept. */
export type Keep = (part: Partial<Results>) => Promise<void>;

/** What a whole run does, and what a quick one. */
const FULL = { repetitions: 5, seconds: 5, held: 40_000, compared: 5000, steady: 5000, times: 3 };
const QUICK = { repetitions: 1, seconds: 2, held: 4000, compared: 1000, steady: 1000, times: 1 };
const MANY_WORKERS = 5;

/** The parts that are asked for, each kept as soon as it is there. */
export async function runParts(world: World, options: Options, machine: Machine, keep: Keep): Promise<void> {
  const size = options.quick ? QUICK : FULL;
  const { nofile } = machine;
  const say = sayer();
  if (options.parts.includes("rates")) {
    const taken = takenNow();
    const variants = VARIANTS.filter((id) => id !== "postern-sni" || world.lab.seesTls);
    if (!world.lab.seesTls) say("no figures with the hello checked: this Squid was built without OpenSSL");
    const plan = { variants, repetitions: size.repetitions, seconds: size.seconds, nofile, say };
    await keep({ rates: { ...taken, ...(await measureRates(world, plan)) } });
  }
  if (options.parts.includes("held")) {
    const taken = takenNow();
    const most = Math.min(size.held, capacity("postern", nofile, MANY_WORKERS));
    const runs: HeldRun[] = [];
    for (const plan of [
      { variant: "script", workers: 1, tunnels: Math.min(size.compared, capacity("script", nofile, 1)) },
      { variant: "postern", workers: 2, tunnels: Math.min(size.compared, capacity("postern", nofile, 2)) },
      { variant: "postern", workers: MANY_WORKERS, tunnels: most },
    ] as const)
      runs.push(await measureHeld(world, { ...plan, nofile, say }));
    await keep({ held: { ...taken, runs } });
  }
  if (options.parts.includes("limit")) {
    const taken = takenNow();
    const runs: LimitRun[] = [];
    for (const variant of ["script", "postern"] as const) {
      const run = await measureLimit(world, variant);
      say(`${variant} with ${run.nofile} files: ${run.held} of ${run.asked} held, formula ${run.formula}`);
      runs.push(run);
    }
    await keep({ limit: { ...taken, runs } });
  }
  if (options.parts.includes("steady")) {
    const taken = takenNow();
    const plan = { tunnels: size.steady, times: size.times, nofile, say };
    await keep({ steady: { ...taken, ...(await measureSteady(world, plan)) } });
  }
}

/** The long run. */
export async function runSoak(world: World, minutes: number, nofile: number, keep: Keep): Promise<void> {
  const taken = takenNow();
  const say = sayer();
  const soak = await measureSoak(world, {
    ...{ minutes, nofile, every: 15 },
    say: ({ second, pssKb, descriptors, tunnels, failed }) =>
      say(`${second} s: ${tunnels} tunnels, ${failed} failed, ${pssKb} kB, ${descriptors} files`),
  });
  await keep({ soak: { ...taken, ...soak } });
}

/** Prints lines with the seconds since the start. */
function sayer(): (text: string) => void {
  const begun = performance.now();
  return (text) => console.log(`[${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s] ${text}`);
}
