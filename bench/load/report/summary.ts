import type { RateRun, RatesPart, StreamRun } from "../results.ts";
import { ratioOf, type Spread, spreadOf } from "../spread.ts";

/** One figure of the rates: how it is called, and where it stands in a run. */
export interface Figure {
  id: string;
  title: string;
  unit: string;
  digits: number;
  /** Whether more of it is better. */
  isMoreBetter: boolean;
  of: (runs: RatesPart["variants"][string]) => number[];
}

function churn(by: (run: RateRun) => number): Figure["of"] {
  return (runs) => runs.churn.map(by);
}

function deny(by: (run: RateRun) => number): Figure["of"] {
  return (runs) => runs.deny.map(by);
}

function stream(by: (run: StreamRun) => number): Figure["of"] {
  return (runs) => runs.stream.map(by);
}

const FEWER = { isMoreBetter: false };
const MORE = { isMoreBetter: true };

export const FIGURES: readonly Figure[] = [
  {
    id: "tunnels",
    title: "tunnels set up",
    unit: "/s",
    digits: 0,
    ...MORE,
    of: churn((run) => run.perSecond),
  },
  { id: "setup", title: "set-up, p50", unit: "ms", digits: 1, ...FEWER, of: churn((run) => run.p50) },
  { id: "setup-p99", title: "set-up, p99", unit: "ms", digits: 1, ...FEWER, of: churn((run) => run.p99) },
  {
    id: "first",
    title: "first byte back, p50",
    unit: "ms",
    digits: 1,
    ...FEWER,
    of: churn((run) => run.firstByte),
  },
  {
    id: "cpu",
    title: "CPU for 1,000 tunnels",
    unit: "s",
    digits: 3,
    ...FEWER,
    of: churn((run) => run.squidCpu),
  },
  { id: "denials", title: "refusals", unit: "/s", digits: 0, ...MORE, of: deny((run) => run.perSecond) },
  { id: "denials-p50", title: "refusal, p50", unit: "ms", digits: 1, ...FEWER, of: deny((run) => run.p50) },
  {
    id: "denials-cpu",
    title: "CPU for 1,000 refusals",
    unit: "s",
    digits: 3,
    ...FEWER,
    of: deny((run) => run.squidCpu),
  },
  {
    id: "bytes",
    title: "throughput",
    unit: "MB/s",
    digits: 0,
    ...MORE,
    of: stream((run) => run.megabytesPerSecond),
  },
  {
    id: "bytes-cpu",
    title: "CPU for 1 GB",
    unit: "s",
    digits: 2,
    ...FEWER,
    of: stream((run) => run.squidCpuPerGb),
  },
];

export function figure(id: string): Figure {
  const found = FIGURES.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no figure ${id}`);
  return found;
}

/** What a configuration did; undefined where it was not measured. */
export function spread(rates: RatesPart | undefined, variant: string, id: string): Spread | undefined {
  const runs = rates?.variants[variant];
  const values = runs === undefined ? [] : figure(id).of(runs);
  return values.length === 0 ? undefined : spreadOf(values);
}

/** Ours to another's, of the runs beside each other. */
export function ratio(rates: RatesPart | undefined, id: string, other = "script"): Spread | undefined {
  const [ours, theirs] = [rates?.variants.postern, rates?.variants[other]];
  if (ours === undefined || theirs === undefined) return undefined;
  return ratioOf(figure(id).of(ours), figure(id).of(theirs));
}
