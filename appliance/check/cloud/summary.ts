import type { HostTest } from "../../endpoints/tests.ts";
import { isMissing, type Reach } from "./reach.ts";
import { reachWords, type Upstream, type Words } from "./words.ts";

export interface TestedUrl {
  host: string;
  url: string;
  /** The status that Microsoft's own tools take as good; 0: any answer. */
  expected: number;
  /** The status, or in words why there is none. */
  got: number | string;
}

/** A test with what came of it; undefined: the time was over before its turn. */
export interface AskedTest {
  test: HostTest;
  way: Reach | undefined;
}

export interface Summary {
  state: "ok" | "fail";
  detail: string;
  next?: string;
  tested: TestedUrl[];
}

/** One service in words. A few names that are gone from DNS are said, and are no failure of the service. */
export function summarise(asked: readonly AskedTest[], upstream?: Upstream): Summary {
  const tested = asked.map((one) => testedUrl(one, upstream));
  const bad = asked.filter((one) => !isGood(one));
  const [first] = bad;
  const passed = `${asked.length - bad.length} of ${asked.length} tests passed`;
  if (first === undefined) return { state: "ok", detail: passed, tested };
  const isMinority = bad.length * 2 < asked.length && bad.every(({ way }) => isMissing(way));
  if (isMinority) {
    const hosts = [...new Set(bad.map(({ test }) => test.host))].join(", ");
    return { state: "ok", detail: `${passed}; not in DNS: ${hosts}`, tested };
  }
  const { detail, next } = wordsOf(first, upstream);
  const more = bad.length === 1 ? "" : `; ${bad.length - 1} more of ${asked.length} failed`;
  return { state: "fail", detail: `${first.test.host}: ${detail}${more}`, next, tested };
}

function testedUrl(asked: AskedTest, upstream: Upstream): TestedUrl {
  const { test, way } = asked;
  const { host, port, path, accept } = test;
  const url = `${port === 80 ? "http" : "https"}://${host}${path}`;
  const got = way?.kind === "answered" ? way.status : wordsOf(asked, upstream).detail;
  return { host, url, expected: accept[0] ?? 0, got };
}

function isGood({ test: { accept }, way }: AskedTest): boolean {
  return way?.kind === "answered" && (accept.length === 0 || accept.includes(way.status));
}

const AGAIN = "Try again in a minute.";

function wordsOf({ test: { host, accept }, way }: AskedTest, upstream: Upstream): Words {
  if (way === undefined) return { detail: "was not asked: the time was over", next: AGAIN };
  if (way.kind === "secured") return { detail: "was asked for nothing", next: AGAIN };
  const words = reachWords(way, { host, upstream });
  if (way.kind !== "answered") return words;
  return { ...words, detail: `${words.detail}, expected ${accept.join(" or ")}` };
}
