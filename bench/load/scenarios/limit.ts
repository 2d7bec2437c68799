import { percentile } from "../histogram.ts";
import { failures } from "../outcome.ts";
import type { LimitRun } from "../results.ts";
import { capacity, configOf, isOurs, type VariantId, VCPUS } from "../variants.ts";
import type { World } from "../world.ts";
import { round } from "./rates.ts";

/** systemd's default soft limit of open files, which a service has that says nothing of it. */
export const DEFAULT_NOFILE = 1024;
const CONCURRENCY = 256;
/** Milliseconds that a client waits here; most wait longer. */
const PATIENCE = 5000;
/** Asked for beyond what fits. */
const SURPLUS = 500;
/** What our rules say when there is no room, and what a Squid without them says. */
const TELLING = { ours: /"rule":"full"/, theirs: /running out of filedescriptors/ };

/** More tunnels than the descriptors are for: how many are held, and what becomes of the others. */
export async function measureLimit(
  world: World,
  variant: VariantId,
  nofile = DEFAULT_NOFILE,
  concurrency = CONCURRENCY,
): Promise<LimitRun> {
  const workers = isOurs(variant) ? VCPUS : 1;
  const formula = capacity(variant, nofile, workers);
  const asked = formula + SURPLUS;
  const squid = await world.lab.squid(configOf(variant, { nofile }));
  try {
    const route = world.route(squid.port, PATIENCE);
    const outcome = await world.crew.hold({ route, tunnels: asked, concurrency });
    const check = await world.crew.check(PATIENCE);
    const logs = (await squid.log("cache.log")) + (await squid.log("access.log"));
    await world.crew.release();
    const telling = TELLING[isOurs(variant) ? "ours" : "theirs"];
    const lines = logs.split("\n").filter((line) => telling.test(line));
    const gaveUp = (share: number): number | null =>
      failures(outcome) === 0 ? null : round(percentile(outcome.gaveUp, share) ?? 0, 1);
    return {
      ...{ variant, workers, nofile, formula, asked, held: outcome.good, alive: check.good },
      ...{ failed: outcome.failed, gaveUpP50: gaveUp(0.5), gaveUpP99: gaveUp(0.99), patienceMs: PATIENCE },
      logLines: lines.length,
      logFirst: lines[0] ?? "",
    };
  } finally {
    await squid.stop();
  }
}
