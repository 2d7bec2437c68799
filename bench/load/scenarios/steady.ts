import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../../appliance/system/until.ts";
import { startCrew } from "../crew.ts";
import { accessLogs } from "../logs.ts";
import { together } from "../outcome.ts";
import type { SteadyPart } from "../results.ts";
import { configOf } from "../variants.ts";
import type { World } from "../world.ts";

export interface SteadyPlan {
  tunnels: number;
  nofile: number;
  /** How often each of the two is done. */
  times: number;
  say: (text: string) => void;
}

const PATIENCE = 15_000;
const CHURNERS = 8;
/** Milliseconds between two clients of one churner, so that the machine is not busy with them alone. */
const CHURN_PAUSE = 20;
/** Milliseconds between two disturbances. */
const REST = 1000;
/** Milliseconds in which the last lines must be in the logs. */
const LOG_PATIENCE = { timeout: 20_000, every: 500 };

/**
 * Holds tunnels while Squid reads its configuration again and begins new logs, with other clients coming and going
 * all the while; then asks every tunnel, and counts a line in the logs for each that was ever opened.
 */
export async function measureSteady(
  world: World,
  plan: SteadyPlan,
): Promise<Omit<SteadyPart, "taken" | "loadBefore">> {
  const config = configOf("postern", { nofile: plan.nofile });
  const squid = await world.lab.squid(config);
  const logs = accessLogs(world.lab, config.name);
  const others = startCrew(1);
  try {
    const route = world.route(squid.port, PATIENCE);
    const held = await world.crew.hold({ route, tunnels: plan.tunnels, concurrency: 128 });
    let isOver = false;
    const churning = (async () => {
      const rounds = [];
      while (!isOver)
        rounds.push(
          await others.churn({
            route,
            concurrency: CHURNERS,
            seconds: 1,
            expect: "tunnel",
            pause: CHURN_PAUSE,
          }),
        );
      return together(rounds);
    })();
    for (let time = 1; time <= plan.times; time += 1) {
      await pause(REST);
      await squid.reconfigure();
      await pause(REST);
      await logs.keep();
      await squid.rotate();
      plan.say(`${held.good} held, reconfigured and rotated ${time} times`);
    }
    await pause(REST);
    isOver = true;
    const churned = await churning;
    const check = await world.crew.check(PATIENCE);
    await world.crew.release();
    const closed = held.good + churned.good;
    return {
      ...{ held: held.good, reconfigures: plan.times, rotations: plan.times, alive: check.good },
      ...{ churned: churned.good, churnFailed: churned.failed, closed },
      logLines: await until(logs.tunnels, (lines) => lines >= closed, LOG_PATIENCE),
    };
  } finally {
    await others.stop();
    await squid.stop();
  }
}
