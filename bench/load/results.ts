/** What a run leaves in docs/bench.json. A part that was not run again stays as it was. */
export interface Results {
  machine: Machine;
  rates?: RatesPart;
  held?: HeldPart;
  limit?: LimitPart;
  steady?: SteadyPart;
  soak?: SoakPart;
}

export interface Machine {
  cores: number;
  processor: string;
  memoryMb: number;
  kernel: string;
  /** Hard limit of open files of a process. */
  nofile: number;
  squid: string;
  node: string;
}

/** When a part was measured, UTC, and how much else the machine had to do then. */
export interface Taken {
  taken: string;
  /** Load average of the last minute as the part began, before anything of ours ran. */
  loadBefore: number;
}

export interface RateRun {
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  /** Milliseconds to the first byte back through the tunnel, the median. */
  firstByte: number;
  /** CPU seconds for 1,000 of them: of Squid, and of the generator beside it. */
  squidCpu: number;
  generatorCpu: number;
  failed: number;
}

export interface StreamRun {
  megabytesPerSecond: number;
  squidCpuPerGb: number;
  failed: number;
}

export interface RatesPart extends Taken {
  seconds: number;
  concurrency: number;
  variants: Record<string, { churn: RateRun[]; deny: RateRun[]; stream: StreamRun[] }>;
}

export interface HeldPoint {
  tunnels: number;
  pssKb: number;
  descriptors: number;
  /** Kernel memory in slabs on the whole machine, both ends of every tunnel among it. */
  slabKb: number;
}

export interface HeldRun {
  variant: string;
  workers: number;
  nofile: number;
  asked: number;
  held: number;
  alive: number;
  failed: Record<string, number>;
  openPerSecond: number;
  p50: number;
  p99: number;
  echoP50: number;
  echoP99: number;
  squidCpuPer1000: number;
  points: HeldPoint[];
  kbPerTunnel: number;
  slabKbPerSocket: number;
}

export interface HeldPart extends Taken {
  runs: HeldRun[];
}

export interface LimitRun {
  variant: string;
  workers: number;
  nofile: number;
  formula: number;
  asked: number;
  held: number;
  alive: number;
  /** The others, by what became of them. */
  failed: Record<string, number>;
  gaveUpP50: number | null;
  gaveUpP99: number | null;
  patienceMs: number;
  /** Lines of Squid's logs that tell of it: how many, and the first. */
  logLines: number;
  logFirst: string;
}

export interface LimitPart extends Taken {
  runs: LimitRun[];
}

export interface SteadyPart extends Taken {
  held: number;
  reconfigures: number;
  rotations: number;
  alive: number;
  /** Tunnels set up and closed meanwhile, and those that failed. */
  churned: number;
  churnFailed: Record<string, number>;
  /** Tunnels that were closed, and lines about them in all logs together. */
  closed: number;
  logLines: number;
}

export interface SoakSample {
  second: number;
  pssKb: number;
  descriptors: number;
  tunnels: number;
  failed: number;
}

export interface SoakPart extends Taken {
  minutes: number;
  held: number;
  alive: number;
  logLines: number;
  samples: SoakSample[];
}
