import test, { type ExecutionContext } from "ava";
import { churn } from "../../../../bench/load/generator/churn.ts";
import { holder } from "../../../../bench/load/generator/hold.ts";
import { stream } from "../../../../bench/load/generator/stream.ts";
import { percentile } from "../../../../bench/load/histogram.ts";
import type { Route } from "../../../../bench/load/tasks.ts";
import { type Manner, startProxy } from "../proxy.ts";

/** Milliseconds: short where silence is what is tested, long where a busy machine must not look silent. */
const PATIENCE = { hang: 300, deaf: 3000 };
const LONG = 20_000;

async function routeTo(t: ExecutionContext, manner: Manner): Promise<Route> {
  const { port, close } = await startProxy(manner);
  t.teardown(close);
  return {
    host: "127.0.0.1",
    port,
    from: [],
    targets: ["a.example:443", "b.example:443"],
    timeout: patience(manner),
  };
}

function patience(manner: Manner): number {
  return manner === "hang" || manner === "deaf" ? PATIENCE[manner] : LONG;
}

for (const [manner, expect, failure] of [
  ["echo", "tunnel", undefined],
  ["refuse", 403, undefined],
  ["refuse", "tunnel", "status 403"],
  ["echo", 403, "tunnel"],
  ["hang", "tunnel", "timeout"],
  ["reset", "tunnel", "reset"],
  ["close", "tunnel", "closed"],
  ["deaf", "tunnel", "no echo"],
] as const) {
  test(`churn at a proxy that does ${manner}, expecting ${expect}: ${failure ?? "good"}`, async (t) => {
    const route = await routeTo(t, manner);
    const outcome = await churn({ kind: "churn", route, concurrency: 4, seconds: 0.2, expect, pause: 0 });

    t.deepEqual(Object.keys(outcome.failed), failure === undefined ? [] : [failure]);
    if (failure === undefined) t.true(outcome.good >= 4 && outcome.answered.count === outcome.good);
    else t.is(outcome.good, 0);
    if (failure === "timeout") t.true((percentile(outcome.gaveUp, 0.5) ?? 0) > 250);
  });
}

test("held tunnels are asked one by one, and lost ones are counted", async (t) => {
  const { port, close, dropOne } = await startProxy("echo");
  t.teardown(close);
  const route: Route = { host: "127.0.0.1", port, from: [], targets: ["a.example:443"], timeout: LONG };
  const mine = holder();
  const opened = await mine.hold({ kind: "hold", route, tunnels: 20, concurrency: 4 });
  t.is(opened.good, 20);
  t.is((await mine.check({ kind: "check", timeout: LONG })).good, 20);

  dropOne();
  const after = await mine.check({ kind: "check", timeout: LONG });
  t.deepEqual([after.good, after.failed], [19, { lost: 1 }]);
  t.is(mine.release().good, 19);
  t.is((await mine.check({ kind: "check", timeout: LONG })).good, 0);
});

test("streams are counted in bytes", async (t) => {
  const route = await routeTo(t, "pour");
  const outcome = await stream({ kind: "stream", route, concurrency: 2, seconds: 0.2 });
  t.is(outcome.good, 2);
  t.true(outcome.bytes > 0);
  t.deepEqual(outcome.failed, {});
});
