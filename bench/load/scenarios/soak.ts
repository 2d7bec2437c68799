import { until } from "../../../appliance/system/until.ts";
import { startCrew } from "../crew.ts";
import { accessLogs } from "../logs.ts";
import { failures } from "../outcome.ts";
import { usageOf } from "../procfs.ts";
import type { SoakPart, SoakSample } from "../results.ts";
import { configOf } from "../variants.ts";
import type { World } from "../world.ts";

export interface SoakPlan {
  minutes: number;
  nofile: number;
  /** Seconds between two samples. */
  every: number;
  /** Gets what is known after each sample: an interrupted soak has its figures too. */
  say: (sample: SoakSample) => void;
}

const HELD = 2000;
const CHURNERS = 32;
/** Milliseconds: some hundred tunnels a second, which leaves the machine room for others. */
const CHURN_PAUSE = 60;
const PATIENCE = 15_000;
/** Samples between two echoes on every held tunnel: an idle one ends after Squid's read_timeout of 15 minutes. */
const CHECK_EVERY = 8;
const LOG_PATIENCE = { timeout: 60_000, every: 1000 };

/** Held tunnels and others that come and go, for a long time; Squid's memory and descriptors as it goes on. */
export async function measureSoak(
  world: World,
  plan: SoakPlan,
): Promise<Omit<SoakPart, "taken" | "loadBefore">> {
  const config = configOf("postern", { nofile: plan.nofile });
  const squid = await world.lab.squid(config);
  const others = startCrew(1);
  try {
    const route = world.route(squid.port, PATIENCE);
    const held = await world.crew.hold({ route, tunnels: HELD, concurrency: 64 });
    const begun = performance.now();
    const second = (): number => Math.round((performance.now() - begun) / 1000);
    const samples: SoakSample[] = [];
    let [tunnels, failed] = [0, 0];
    while (second() < plan.minutes * 60) {
      const task = { route, concurrency: CHURNERS, seconds: plan.every, pause: CHURN_PAUSE };
      const outcome = await others.churn({ ...task, expect: "tunnel" });
      tunnels += outcome.good;
      failed += failures(outcome);
      const { pssKb, descriptors } = await usageOf(await squid.pids());
      const sample = { second: second(), pssKb, descriptors, tunnels, failed };
      samples.push(sample);
      plan.say(sample);
      if (samples.length % CHECK_EVERY === 0) await world.crew.check(PATIENCE);
    }
    const check = await world.crew.check(PATIENCE);
    await world.crew.release();
    const closed = held.good + tunnels;
    const logs = accessLogs(world.lab, config.name);
    const logLines = await until(logs.tunnels, (lines) => lines >= closed, LOG_PATIENCE);
    return { minutes: plan.minutes, held: held.good, alive: check.good, logLines, samples };
  } finally {
    await others.stop();
    await squid.stop();
  }
}
