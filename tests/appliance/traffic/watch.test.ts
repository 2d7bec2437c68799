import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { HOUR, Tally } from "../../../appliance/traffic/tally.ts";
import { BUDGET_SCREEN, recentTraffic, TrafficWatch } from "../../../appliance/traffic/watch.ts";
import { tempFolder } from "../kit/temp.ts";
import { logLine } from "./log.ts";

const NOW = Date.UTC(2026, 10, 24, 12, 0, 30);
const MINUTE = 60_000;

function watched(t: ExecutionContext, text: string): { path: string; watch: TrafficWatch } {
  const path = join(tempFolder(t), "access.log");
  writeFileSync(path, text);
  const watch = new TrafficWatch(path, BUDGET_SCREEN);
  t.teardown(() => watch.close());
  return { path, watch };
}

test("the last hour is counted, across a rotation, and grows old by itself", async (t) => {
  const { path, watch } = watched(
    t,
    logLine(NOW - 2 * HOUR) + logLine(NOW - 10 * MINUTE) + logLine(NOW - MINUTE, { isRefused: true }),
  );
  t.deepEqual((await watch.look(NOW)).traffic, { allowed: 1, refused: 1, isWhole: true });

  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, logLine(NOW));
  writeFileSync(path, logLine(NOW, { isRefused: true, url: "new.example.com:443" }));
  const after = await watch.look(NOW);
  t.deepEqual(after.traffic, { allowed: 2, refused: 2, isWhole: true });
  t.deepEqual(
    after.denials.map(({ target }) => target),
    ["new.example.com:443", "a.example.com:443"],
  );

  t.deepEqual((await watch.look(NOW + 55 * MINUTE)).traffic, { allowed: 1, refused: 2, isWhole: true });
  t.deepEqual((await watch.look(NOW + 2 * HOUR)).traffic, { allowed: 0, refused: 0, isWhole: true });
  t.is((await watch.look(NOW + 2 * HOUR)).denials.length, 2, "the last ones stay to be seen");
});

test("checks of the machine itself, noise and torn lines are nobody's traffic", async (t) => {
  const { watch } = watched(
    t,
    `torn\n${logLine(NOW, { client: "127.0.0.1", isRefused: true })}${logLine(NOW, { client: "::1" })}` +
      '{"time":1,"client":"10.1.1.1","url":"error:x","status":400,"result":"NONE_NONE","rule":"-"}\n',
  );

  t.deepEqual(await watch.look(NOW), {
    traffic: { allowed: 0, refused: 0, isWhole: true },
    denials: [],
  });
});

test("where the log of the hour is longer than what is read, the count says `at least` until it is whole", async (t) => {
  const path = join(tempFolder(t), "access.log");
  const line = (index: number): string => logLine(NOW - 30 * MINUTE + index);
  writeFileSync(path, Array.from({ length: 100 }, (_, index) => line(index)).join(""));
  const watch = new TrafficWatch(path, line(0).length * 9 + 5);
  t.teardown(() => watch.close());

  t.deepEqual((await watch.look(NOW)).traffic, { allowed: 9, refused: 0, isWhole: false });
  t.true(
    (await watch.look(NOW + 31 * MINUTE)).traffic.isWhole,
    "what was not read is older than an hour now",
  );
});

test("one look for a command", async (t) => {
  const path = join(tempFolder(t), "access.log");
  writeFileSync(path, logLine(NOW, { isRefused: true }));

  const { traffic, denials } = await recentTraffic(path, NOW);

  t.deepEqual(traffic, { allowed: 0, refused: 1, isWhole: true });
  t.is(denials.length, 1);
});

test("the tally is the sum of the last sixty minutes, whatever came in which order", (t) => {
  const requests = fc.array(
    fc.record({
      ago: fc.integer({ min: -20, max: 400 }),
      outcome: fc.constantFrom("allowed" as const, "refused" as const, "broken" as const),
    }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(requests, (all) => {
      const tally = new Tally();
      for (const { ago, outcome } of all) {
        const time = NOW - ago * MINUTE;
        tally.add({ time, client: "10.1.1.1", target: "a:443", status: 200, rule: "-", outcome });
      }
      const inHour = (wanted: string): number =>
        all.filter(({ ago, outcome }) => outcome === wanted && ago >= 0 && ago < 60).length;

      t.deepEqual(tally.lastHour(NOW), { allowed: inHour("allowed"), refused: inHour("refused") });
    }),
  );
});
