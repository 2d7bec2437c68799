import type { LimitRun, Results } from "../results.ts";
import { flatness } from "./flatness.ts";
import { ratio } from "./summary.ts";

/** An aim, and what was found. */
export interface Aim {
  aim: string;
  verdict: "met" | "not met" | "not measured";
  seen: string;
}

/** Growth of Squid's memory over the second half of a soak, in percent of the mean, that counts as flat. */
const FLAT_PERCENT = 3;
/** Share by which the number of held tunnels may differ: Squid's own descriptors are not the same in every run. */
const NEAR = 0.01;
/** Milliseconds within which a client learns that there is no room. */
const QUICK = 1000;

export function aimsOf(results: Results): Aim[] {
  return [
    held(results),
    memory(results),
    ...limits(results),
    ...rates(results),
    steady(results),
    soak(results),
  ];
}

function aim(text: string, isMet: boolean | undefined, seen: string): Aim {
  return { aim: text, verdict: isMet === undefined ? "not measured" : isMet ? "met" : "not met", seen };
}

function most({ held: part }: Results) {
  return part?.runs.filter(({ variant }) => variant === "postern").toSorted((a, b) => b.held - a.held)[0];
}

function held(results: Results): Aim {
  const text = "40,000 tunnels held, none lost";
  const run = most(results);
  if (run === undefined) return aim(text, undefined, "");
  return aim(
    text,
    run.held >= 40_000 && run.alive === run.held,
    `${run.alive} of ${run.asked} alive at the end, ${run.workers} workers with ${run.nofile} files each`,
  );
}

function memory(results: Results): Aim {
  const text = "at most 33 kB of Squid's memory for a held tunnel";
  const run = most(results);
  return run === undefined
    ? aim(text, undefined, "")
    : aim(text, run.kbPerTunnel <= 33, `${run.kbPerTunnel.toFixed(1)} kB`);
}

function limits({ limit }: Results): Aim[] {
  const run = limit?.runs.find(({ variant }) => variant === "postern");
  const script = limit?.runs.find(({ variant }) => variant === "script");
  const [first, second] = [
    "with systemd's default of 1,024 files, as many tunnels as the formula says",
    "the others are refused within a second, and the log says why",
  ];
  if (run === undefined || script === undefined)
    return [aim(first, undefined, ""), aim(second, undefined, "")];
  const beside = `the script: ${script.held} held, then ${failedText(script)}`;
  const isQuick = run.gaveUpP99 !== null && run.gaveUpP99 <= QUICK;
  return [
    aim(
      first,
      Math.abs(run.held - run.formula) <= run.formula * NEAR,
      `${run.held} held, formula ${run.formula}; ${beside}`,
    ),
    aim(second, isQuick && run.logLines > 0, `${failedText(run)}, p99 ${run.gaveUpP99 ?? "-"} ms`),
  ];
}

export function failedText({ failed }: Pick<LimitRun, "failed">): string {
  const parts = Object.entries(failed).map(([reason, count]) => `${count} ${reason}`);
  return parts.length === 0 ? "none failed" : parts.join(", ");
}

function rates({ rates: part }: Results): Aim[] {
  const over = (text: string, id: string, least: number, other?: string): Aim => {
    const seen = ratio(part, id, other);
    return aim(text, seen === undefined ? undefined : seen.median >= least, ratioText(seen));
  };
  const setup = ratio(part, "setup");
  return [
    over("refusals: 3 times the script's rate", "denials", 3),
    over(
      "the same, where the script's machine does not know its own name",
      "denials",
      3,
      "script-unresolved",
    ),
    over("throughput on 2 cores: 1.5 times the script's", "bytes", 1.5),
    aim(
      "set-up, p50: 0.7 times the script's",
      setup === undefined ? undefined : setup.median <= 0.7,
      ratioText(setup),
    ),
  ];
}

function ratioText(seen: ReturnType<typeof ratio>): string {
  if (seen === undefined) return "";
  return `${seen.median.toFixed(2)} times (${seen.min.toFixed(2)} to ${seen.max.toFixed(2)})`;
}

function steady({ steady: part }: Results): Aim {
  const text = "reload and log rotation under 5,000 held tunnels lose no tunnel and no line of the log";
  if (part === undefined) return aim(text, undefined, "");
  return aim(
    text,
    part.held >= 5000 && part.alive === part.held && part.logLines === part.closed,
    `${part.alive} of ${part.held} alive after ${part.reconfigures} reloads and ${part.rotations} rotations; ${part.logLines} lines for ${part.closed} tunnels`,
  );
}

function soak({ soak: part }: Results): Aim {
  const text = "20 minutes with tunnels coming and going: flat memory";
  if (part === undefined) return aim(text, undefined, "");
  const flat = flatness(part.samples);
  if (flat === undefined) return aim(text, undefined, "too few samples");
  const tunnels = part.samples.at(-1)?.tunnels ?? 0;
  return aim(
    text,
    part.minutes >= 20 && flat.growthPercent <= FLAT_PERCENT && part.alive === part.held,
    `${flat.growthPercent.toFixed(1)} % over the second half (${flat.fromKb} to ${flat.toKb} kB), ${tunnels} tunnels, ${part.alive} of ${part.held} held ones alive`,
  );
}
