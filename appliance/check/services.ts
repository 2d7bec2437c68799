import { catalogueInUse } from "../endpoints/installed.ts";
import { type HostTest, hostTests } from "../endpoints/tests.ts";
import type { CheckContext } from "./check.ts";
import { type Reach, reach, waysOf } from "./cloud/reach.ts";
import { summarise, type TestedUrl } from "./cloud/summary.ts";

export type { TestedUrl } from "./cloud/summary.ts";

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

export interface ServiceOptions {
  /** Milliseconds for all of them. */
  timeout?: number;
  /** How many at once. */
  atOnce?: number;
}

/** Asks the test URLs of every service of the settings through the local proxy. Takes seconds, at most `timeout`. */
export async function testServices(
  context: CheckContext,
  { timeout = 30_000, atOnce = 4 }: ServiceOptions = {},
): Promise<ServiceTest[]> {
  const { system, settings } = context;
  if (settings === undefined) return [];
  const ways = waysOf(context);
  const { catalogue } = await catalogueInUse(system.paths);
  const tests = hostTests(settings.defender, catalogue);
  const end = performance.now() + timeout;
  const reached = new Map<HostTest, Reach>();
  const waiting = [...tests];
  const work = async (): Promise<void> => {
    for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
      const left = end - performance.now();
      if (left <= 0) return;
      const { host, port, method, path } = test;
      const options = { ...ways, timeout: Math.min(ways.timeout, left) };
      reached.set(test, await reach({ host, port, request: { method, path } }, options));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return [...new Set(tests.map(({ group }) => group))].map((id) => {
    const asked = tests.filter(({ group }) => group === id).map((test) => ({ test, way: reached.get(test) }));
    return { id, ...summarise(asked, settings.proxy.upstream) };
  });
}
