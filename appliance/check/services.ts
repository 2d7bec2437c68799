import { type HostTest, hostTests } from "../endpoints/tests.ts";
import { type CheckContext, worldOf } from "./check.ts";
import { type Reach, reach } from "./cloud/reach.ts";
import { reachWords } from "./cloud/words.ts";

/** How one Defender service answered. */
export interface ServiceTest {
  /** `mde`, `mdi contoso`, `crl`. */
  id: string;
  state: "ok" | "fail";
  detail: string;
  /** What to do about it; only where it failed. */
  next?: string;
  tested: TestedUrl[];
}

export interface TestedUrl {
  host: string;
  url: string;
  /** The status that Microsoft's own tools take as good; 0: any answer. */
  expected: number;
  /** The status, or in words why there is none. */
  got: number | string;
}

export interface ServiceOptions {
  /** Milliseconds for all of them. */
  timeout?: number;
  /** How many at once. */
  atOnce?: number;
}

/** Longer than Squid tries to connect (connect_timeout). */
const ONE = 12_000;

/** Asks the test URLs of every service of the settings through the local proxy. Takes seconds, at most `timeout`. */
export async function testServices(
  context: CheckContext,
  { timeout = 30_000, atOnce = 4 }: ServiceOptions = {},
): Promise<ServiceTest[]> {
  const { settings } = context;
  if (settings === undefined) return [];
  const { proxyPort, ca } = worldOf(context);
  const tests = hostTests(settings.defender);
  const end = performance.now() + timeout;
  const reached = new Map<HostTest, Reach>();
  const waiting = [...tests];
  const work = async (): Promise<void> => {
    for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
      const left = Math.min(ONE, end - performance.now());
      if (left <= 0) return;
      const { host, port, method, path } = test;
      reached.set(
        test,
        await reach({ host, port, request: { method, path } }, { proxyPort, ca, timeout: left }),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return groupsOf(tests).map((group) =>
    summarise(
      group,
      tests.filter((test) => test.group === group),
      reached,
    ),
  );
}

function groupsOf(tests: readonly HostTest[]): string[] {
  return [...new Set(tests.map(({ group }) => group))];
}

/** One service in words. A few names that are gone from DNS are said, and are no failure of the service. */
export function summarise(
  id: string,
  tests: readonly HostTest[],
  reached: ReadonlyMap<HostTest, Reach>,
): ServiceTest {
  const tested = tests.map((test) => testedUrl(test, reached.get(test)));
  const bad = tests.filter((test) => !isGood(test, reached.get(test)));
  const [first] = bad;
  if (first === undefined) return { id, state: "ok", detail: `all ${tests.length} tests passed`, tested };
  const missing = bad.filter((test) => isMissing(reached.get(test)));
  if (missing.length === bad.length && bad.length * 2 < tests.length) {
    const hosts = [...new Set(missing.map(({ host }) => host))].join(", ");
    return {
      id,
      state: "ok",
      detail: `${tests.length - bad.length} tests passed; not in DNS: ${hosts}`,
      tested,
    };
  }
  const { detail, next } = wordsOf(first, reached.get(first));
  const more = bad.length === 1 ? "" : `; ${bad.length - 1} more of ${tests.length} failed`;
  return { id, state: "fail", detail: `${first.host}: ${detail}${more}`, next, tested };
}

function testedUrl(test: HostTest, way: Reach | undefined): TestedUrl {
  const { host, port, path, accept } = test;
  const got = way?.kind === "answered" ? way.status : wordsOf(test, way).detail;
  return { host, url: `${port === 80 ? "http" : "https"}://${host}${path}`, expected: accept[0] ?? 0, got };
}

function isGood({ accept }: HostTest, way: Reach | undefined): boolean {
  return way?.kind === "answered" && (accept.length === 0 || accept.includes(way.status));
}

function isMissing(way: Reach | undefined): boolean {
  return way?.kind === "refused" && way.error === "ERR_DNS_FAIL";
}

function wordsOf({ host, accept }: HostTest, way: Reach | undefined) {
  if (way === undefined)
    return { detail: "was not asked: the time was over", next: "Try again in a minute." };
  if (way.kind === "secured") return { detail: "does not answer", next: "Try again in a minute." };
  const words = reachWords(way, host);
  if (way.kind !== "answered") return words;
  return { ...words, detail: `answers ${way.status}, expected ${accept.join(" or ")}` };
}
