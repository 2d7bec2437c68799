import { readFile } from "node:fs/promises";
import { shares } from "../crew.ts";
import { percentile } from "../histogram.ts";
import { together } from "../outcome.ts";
import { memoryField, usageOf } from "../procfs.ts";
import type { HeldPoint, HeldRun } from "../results.ts";
import { configOf, type VariantId } from "../variants.ts";
import type { World } from "../world.ts";
import { round } from "./rates.ts";

export interface HeldPlan {
  variant: VariantId;
  workers: number;
  nofile: number;
  tunnels: number;
  say: (text: string) => void;
}

const CONCURRENCY = 128;
const STEPS = 5;
/** Milliseconds for the echo of a held tunnel. */
const PATIENCE = 15_000;
/** Sockets in the kernel for one tunnel, as both ends of both connections are on this machine. */
const SOCKETS = 4;

/** Opens tunnels in steps, reads Squid's memory at each, and asks every tunnel at the end whether it lives. */
export async function measureHeld(world: World, plan: HeldPlan): Promise<HeldRun> {
  const { variant, workers, nofile, tunnels, say } = plan;
  const squid = await world.lab.squid(configOf(variant, { nofile, workers }));
  try {
    const pids = await squid.pids();
    const points: HeldPoint[] = [await pointOf(pids, 0)];
    const cpu = (await usageOf(pids)).cpuSeconds;
    const steps: Awaited<ReturnType<typeof world.crew.hold>>[] = [];
    let seconds = 0;
    for (const share of shares(tunnels, STEPS)) {
      const route = world.route(squid.port, PATIENCE);
      const outcome = await world.crew.hold({ route, tunnels: share, concurrency: CONCURRENCY });
      steps.push(outcome);
      seconds += outcome.seconds;
      const held = together(steps).good;
      points.push(await pointOf(pids, held));
      say(`${variant}, ${workers} workers: ${held} tunnels held`);
    }
    const all = together(steps);
    const used = (await usageOf(pids)).cpuSeconds - cpu;
    const check = await world.crew.check(PATIENCE);
    await world.crew.release();
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) throw new Error("no point was measured");
    const per = (by: (point: HeldPoint) => number): number =>
      (by(last) - by(first)) / Math.max(1, last.tunnels - first.tunnels);
    return {
      ...{ variant, workers, nofile, asked: tunnels, held: all.good, alive: check.good, failed: all.failed },
      openPerSecond: round(all.good / seconds, 0),
      p50: round(percentile(all.answered, 0.5) ?? 0, 2),
      p99: round(percentile(all.answered, 0.99) ?? 0, 2),
      echoP50: round(percentile(check.answered, 0.5) ?? 0, 2),
      echoP99: round(percentile(check.answered, 0.99) ?? 0, 2),
      squidCpuPer1000: round((used / Math.max(1, all.good)) * 1000, 4),
      points,
      kbPerTunnel: round(
        per(({ pssKb }) => pssKb),
        2,
      ),
      slabKbPerSocket: round(per(({ slabKb }) => slabKb) / SOCKETS, 2),
    };
  } finally {
    await squid.stop();
  }
}

async function pointOf(pids: readonly number[], tunnels: number): Promise<HeldPoint> {
  const { pssKb, descriptors } = await usageOf(pids);
  const meminfo = await readFile("/proc/meminfo", "utf8");
  return { tunnels, pssKb, descriptors, slabKb: memoryField(meminfo, "SUnreclaim") };
}
