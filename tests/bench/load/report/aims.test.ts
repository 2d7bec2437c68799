import test from "ava";
import { aimsOf } from "../../../../bench/load/report/aims.ts";
import type { HeldRun, LimitRun, RateRun, RatesPart, Results } from "../../../../bench/load/results.ts";

const MACHINE: Results["machine"] = {
  cores: 2,
  processor: "p",
  memoryMb: 1,
  kernel: "6",
  nofile: 20_000,
  squid: "6.13",
  node: "24",
};
const TAKEN = { taken: "2026-01-01T00:00Z", loadBefore: 0 };
const HELD: HeldRun = {
  ...{
    variant: "postern",
    workers: 5,
    nofile: 20_000,
    asked: 40_000,
    held: 40_000,
    alive: 40_000,
    failed: {},
  },
  ...{ openPerSecond: 1, p50: 1, p99: 1, echoP50: 1, echoP99: 1, squidCpuPer1000: 1, points: [] },
  ...{ kbPerTunnel: 33, slabKbPerSocket: 3 },
};
const LIMIT: LimitRun = {
  ...{ variant: "postern", workers: 2, nofile: 1024, formula: 832, asked: 1332, held: 832, alive: 832 },
  ...{
    failed: { "status 403": 500 },
    gaveUpP50: 40,
    gaveUpP99: 90,
    patienceMs: 5000,
    logLines: 500,
    logFirst: "x",
  },
};
const SCRIPT: LimitRun = {
  ...LIMIT,
  variant: "script",
  held: 461,
  gaveUpP50: 5000,
  gaveUpP99: 5000,
  logLines: 1,
};
const RATE: RateRun = {
  ...{
    perSecond: 1000,
    p50: 10,
    p95: 20,
    p99: 30,
    firstByte: 11,
    squidCpu: 0.2,
    generatorCpu: 0.2,
    failed: 0,
  },
};

function rates(theirs: Partial<RateRun>, megabytes: number): RatesPart {
  const stream = (megabytesPerSecond: number) => [{ megabytesPerSecond, squidCpuPerGb: 1, failed: 0 }];
  return {
    ...{ ...TAKEN, seconds: 5, concurrency: 64 },
    variants: {
      script: { churn: [{ ...RATE, ...theirs }], deny: [{ ...RATE, ...theirs }], stream: stream(100) },
      postern: { churn: [RATE], deny: [RATE], stream: stream(megabytes) },
    },
  };
}

function verdicts(part: Partial<Results>): Record<string, string> {
  return Object.fromEntries(
    aimsOf({ machine: MACHINE, ...part }).map(({ aim, verdict }) => [aim.slice(0, 12), verdict]),
  );
}

test("of nothing that was measured nothing is said", (t) => {
  const all = aimsOf({ machine: MACHINE });
  t.true(all.length > 8);
  for (const { aim, verdict } of all) t.is(verdict, "not measured", aim);
});

for (const [title, part, start, verdict] of [
  ["all held", { held: { ...TAKEN, runs: [HELD] } }, "40,000 tunne", "met"],
  ["one lost", { held: { ...TAKEN, runs: [{ ...HELD, alive: 39_999 }] } }, "40,000 tunne", "not met"],
  ["fewer asked", { held: { ...TAKEN, runs: [{ ...HELD, held: 9, alive: 9 }] } }, "40,000 tunne", "not met"],
  ["33 kB", { held: { ...TAKEN, runs: [HELD] } }, "at most 33 k", "met"],
  ["more", { held: { ...TAKEN, runs: [{ ...HELD, kbPerTunnel: 33.1 }] } }, "at most 33 k", "not met"],
  ["as the formula", { limit: { ...TAKEN, runs: [SCRIPT, LIMIT] } }, "with systemd", "met"],
  ["below it", { limit: { ...TAKEN, runs: [SCRIPT, { ...LIMIT, held: 823 }] } }, "with systemd", "not met"],
  ["refused at once", { limit: { ...TAKEN, runs: [SCRIPT, LIMIT] } }, "the others a", "met"],
  [
    "hanging",
    { limit: { ...TAKEN, runs: [SCRIPT, { ...LIMIT, gaveUpP99: 5000 }] } },
    "the others a",
    "not met",
  ],
  [
    "silent log",
    { limit: { ...TAKEN, runs: [SCRIPT, { ...LIMIT, logLines: 0 }] } },
    "the others a",
    "not met",
  ],
  ["three times", { rates: rates({ perSecond: 333 }, 100) }, "refusals: 3 ", "met"],
  ["not quite", { rates: rates({ perSecond: 334 }, 100) }, "refusals: 3 ", "not met"],
  ["quick set-up", { rates: rates({ p50: 15 }, 100) }, "set-up, p50:", "met"],
  ["slow set-up", { rates: rates({ p50: 14 }, 100) }, "set-up, p50:", "not met"],
  ["throughput", { rates: rates({}, 150) }, "throughput o", "met"],
  ["less of it", { rates: rates({}, 149) }, "throughput o", "not met"],
] satisfies [string, Partial<Results>, string, string][]) {
  test(`${start}: ${title} is ${verdict}`, (t) => t.is(verdicts(part)[start], verdict));
}

for (const [title, last, verdict] of [
  ["flat", 1020, "met"],
  ["growing", 1050, "not met"],
] as const) {
  test(`a soak that is ${title} is ${verdict}`, (t) => {
    const samples = Array.from({ length: 16 }, (_, at) => ({
      ...{ second: at * 75, pssKb: at >= 12 ? last : 1000, descriptors: 1, tunnels: 1, failed: 0 },
    }));
    const soak = { ...TAKEN, minutes: 20, held: 5, alive: 5, logLines: 1, samples };
    t.is(verdicts({ soak })["20 minutes w"], verdict);
    t.is(verdicts({ soak: { ...soak, minutes: 5 } })["20 minutes w"], "not met", "too short");
  });
}
