import { setTimeout as pause } from "node:timers/promises";
import { closerFaults, judge } from "./judge.ts";
import {
  type Aim,
  LIMITS,
  type Limit,
  NEEDS,
  type Need,
  type Outcome,
  type Probe,
  type Reached,
  type Row,
} from "./probe.ts";
import { clientHello } from "./probes/hello.ts";
import { OTHER } from "./probes/requests.ts";
import { exchange, exchangeSlowly, flood, type Route } from "./wire.ts";
import { cameText, mustText, sentText } from "./words.ts";

/** Where the probes go, and what is there for them. */
export interface Target extends Omit<Route, "localAddress"> {
  aim: Aim;
  /** What this place has of all that probes may need. */
  has: ReadonlySet<Need>;
  /** Whether the proxy checks the name inside TLS: then it says no after a 200, when it has seen a hello. */
  helloCheck: boolean;
  /** Limits that count as known here. */
  excused: ReadonlySet<Limit>;
  /** Addresses to come from; without one the host chooses. */
  from?: { client?: string; stranger?: string; itself?: string };
  /** Milliseconds between two probes. */
  pause: number;
  /** Called before and after each probe where somebody can see what is reached. */
  lab?: { prepare(probe: Probe): void; reached(): readonly Reached[] };
}

/** Milliseconds beyond which a slow request counts as never ended. */
const SLOW_PATIENCE = 45_000;

/**
 * Runs the probes one after another, so that what is reached is known to be of this one; those that only wait
 * run beside the others.
 */
export async function runProbes(
  target: Target,
  probes: readonly Probe[],
  onRow: (row: Row) => void = () => {},
): Promise<Row[]> {
  const rows = new Map<Probe, Row>();
  const done = (probe: Probe, row: Row): void => {
    rows.set(probe, row);
    onRow(row);
  };
  const slow = probes.filter(({ way }) => way === "slow");
  const waiting = Promise.all(slow.map(async (probe) => done(probe, await runOne(target, probe))));
  // Handled at the end, too; nobody may miss a failure until then.
  waiting.catch(() => {});
  for (const probe of probes.filter(({ way }) => way !== "slow")) {
    target.signal.throwIfAborted();
    done(probe, await runOne(target, probe));
    if (target.pause > 0) await pause(target.pause, undefined, { signal: target.signal });
  }
  await waiting;
  return probes.flatMap((probe) => rows.get(probe) ?? []);
}

async function runOne(target: Target, probe: Probe): Promise<Row> {
  const { id, topic, title, must, why, source } = probe;
  const pieces = piecesOf(target, probe);
  const row = { id, topic, title, sent: sentText(pieces), must: mustText(must), why };
  const whole = { ...row, ...(source === undefined ? {} : { source }) };
  const missing = probe.needs?.find((need) => !target.has.has(need));
  if (missing !== undefined) return { ...whole, came: NEEDS[missing], verdict: "not run" };
  target.lab?.prepare(probe);
  const outcome = await send(target, probe, pieces);
  const verdict = judge(probe, outcome, target);
  const faults = verdict === "hole" || verdict === "limit" ? closerFaults(must, outcome) : [];
  const came = [cameText(outcome), ...faults].join("; ");
  const limit = verdict === "limit" && probe.limit !== undefined ? `; ${LIMITS[probe.limit]}` : "";
  return { ...whole, came: `${came}${limit}`, verdict };
}

/** With a hello behind a tunnel that is to be refused where the refusal is seen only then. */
function piecesOf({ aim, helloCheck }: Target, { send, must, way }: Probe): readonly string[] {
  const pieces = send(aim);
  const [first = ""] = pieces;
  const isOneTunnel = pieces.length === 1 && first.startsWith("CONNECT ") && way === undefined;
  if (!helloCheck || !isOneTunnel || must.answer !== "refused") return pieces;
  return [first, clientHello(/^CONNECT ([\w.-]{1,200}):443 /.exec(first)?.[1] ?? OTHER)];
}

async function send(target: Target, { way, from }: Probe, pieces: readonly string[]): Promise<Outcome> {
  const { aim, lab } = target;
  const route: Route = { ...target, localAddress: target.from?.[from ?? "client"] };
  const [first = ""] = pieces;
  if (way === "slow") return exchangeSlowly({ ...route, patience: SLOW_PATIENCE }, first);
  const outcome =
    way === "flood" ? await flood(route, aim.flood, first, pieces[1] ?? "") : await exchange(route, pieces);
  return lab === undefined ? outcome : { ...outcome, reached: lab.reached() };
}
