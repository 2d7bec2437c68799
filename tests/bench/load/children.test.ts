import test from "ava";
import { shares, startCrew, startOrigins } from "../../../bench/load/crew.ts";
import { startProxy } from "./proxy.ts";

for (const [total, parts, expected] of [
  [10, 4, [2, 2, 3, 3]],
  [2, 4, [0, 0, 1, 1]],
  [8, 4, [2, 2, 2, 2]],
] as const) {
  test(`${total} in ${parts} parts`, (t) => t.deepEqual(shares(total, parts), [...expected]));
}

test("a crew shares the tunnels, and refuses what is not ours", async (t) => {
  const { port, close } = await startProxy("echo");
  t.teardown(close);
  const crew = startCrew(2);
  t.teardown(() => crew.stop());
  const route = { host: "127.0.0.1", port, from: [], targets: ["a.example:443"], timeout: 20_000 };

  t.is((await crew.hold({ route, tunnels: 9, concurrency: 3 })).good, 9);
  t.is((await crew.check(20_000)).good, 9);
  t.is((await crew.release()).good, 9);
  const elsewhere = { ...route, host: "localhost" };
  await t.throwsAsync(crew.hold({ route: elsewhere, tunnels: 1, concurrency: 1 }), {
    message: /neither loopback/,
  });
});

test("an origin gives back what it gets, and goes with its stop", async (t) => {
  const origins = await startOrigins([["127.0.0.1"]], "echo", 0);
  const answer = await fetch(`http://127.0.0.1:${origins.port}/`).catch((error: unknown) => error);
  // What comes back is the request itself, which is no answer in HTTP.
  t.regex(String(answer instanceof Error ? answer.cause : answer), /HTTPParserError|Parse Error/);
  await origins.stop();
  t.throws(() => process.kill(origins.pids[0] ?? 0, 0), { code: "ESRCH" });
});
