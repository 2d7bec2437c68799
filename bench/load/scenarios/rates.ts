import type { LabSquid } from "../../../tests/kit/lab/squid.ts";
import { percentile } from "../histogram.ts";
import { failures } from "../outcome.ts";
import { cpuOf } from "../procfs.ts";
import type { RateRun, RatesPart, StreamRun } from "../results.ts";
import type { Outcome, Route } from "../tasks.ts";
import { configOf, MEASURED, type VariantId } from "../variants.ts";
import type { World } from "../world.ts";

export interface RatesPlan {
  variants: readonly VariantId[];
  repetitions: number;
  seconds: number;
  nofile: number;
  say: (text: string) => void;
}

const CONCURRENCY = 64;
const WARM_UP_SECONDS = 1;
const MEGABYTE = 1e6;

/**
 * Tunnels a second, refusals a second and throughput, the configurations in turn: a machine that is busy for a
 * while is busy for all of them. Every other round goes backwards.
 */
export async function measureRates(
  world: World,
  plan: RatesPlan,
): Promise<Omit<RatesPart, "taken" | "loadBefore">> {
  const variants: RatesPart["variants"] = {};
  for (let round = 1; round <= plan.repetitions; round += 1) {
    const order = round % 2 === 1 ? plan.variants : plan.variants.toReversed();
    for (const id of order) {
      const squid = await world.lab.squid(configOf(id, { nofile: plan.nofile }));
      try {
        const kept = variants[id] ?? { churn: [], deny: [], stream: [] };
        variants[id] = kept;
        const said: string[] = [];
        await ask(world, squid, world.route(squid.port), WARM_UP_SECONDS, "tunnel");
        if (MEASURED[id].includes("churn")) {
          const run = await ask(world, squid, world.route(squid.port), plan.seconds, "tunnel");
          kept.churn.push(run);
          said.push(`${run.perSecond.toFixed(0)} tunnels/s (p50 ${run.p50.toFixed(1)} ms)`);
        }
        if (MEASURED[id].includes("deny")) {
          const run = await ask(world, squid, world.deniedRoute(squid.port), plan.seconds, 403);
          kept.deny.push(run);
          said.push(`${run.perSecond.toFixed(0)} refusals/s`);
        }
        if (MEASURED[id].includes("stream")) {
          const run = await pour(world, squid, plan.seconds);
          kept.stream.push(run);
          said.push(`${run.megabytesPerSecond.toFixed(0)} MB/s`);
        }
        plan.say(`round ${round}/${plan.repetitions}, ${id}: ${said.join(", ")}`);
      } finally {
        await squid.stop();
      }
    }
  }
  return { seconds: plan.seconds, concurrency: CONCURRENCY, variants };
}

async function ask(
  world: World,
  squid: LabSquid,
  route: Route,
  seconds: number,
  expect: "tunnel" | number,
): Promise<RateRun> {
  const pids = await squid.pids();
  const before = await cpuOf(pids);
  const outcome = await world.crew.churn({ route, concurrency: CONCURRENCY, seconds, expect, pause: 0 });
  return rateOf(outcome, (await cpuOf(pids)) - before);
}

/** What of an outcome is kept. */
export function rateOf(outcome: Outcome, squidCpu: number): RateRun {
  const thousands = Math.max(1, outcome.good) / 1000;
  return {
    perSecond: round(outcome.good / outcome.seconds, 1),
    p50: round(percentile(outcome.answered, 0.5) ?? 0, 2),
    p95: round(percentile(outcome.answered, 0.95) ?? 0, 2),
    p99: round(percentile(outcome.answered, 0.99) ?? 0, 2),
    firstByte: round(percentile(outcome.used, 0.5) ?? 0, 2),
    squidCpu: round(squidCpu / thousands, 4),
    generatorCpu: round(outcome.cpuSeconds / thousands, 4),
    failed: failures(outcome),
  };
}

async function pour(world: World, squid: LabSquid, seconds: number): Promise<StreamRun> {
  const pids = await squid.pids();
  const before = await cpuOf(pids);
  const route = world.streamRoute(squid.port);
  const outcome = await world.crew.stream({ route, concurrency: CONCURRENCY, seconds });
  const cpu = (await cpuOf(pids)) - before;
  return {
    megabytesPerSecond: round(outcome.bytes / MEGABYTE / outcome.seconds, 1),
    squidCpuPerGb: round(cpu / Math.max(1e-9, outcome.bytes / 1e9), 3),
    failed: failures(outcome),
  };
}

/** Rounded for a file that people read. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
