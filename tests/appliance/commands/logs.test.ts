import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { follow, printLast, run } from "../../../appliance/commands/logs.ts";
import { until } from "../../../appliance/system/until.ts";
import { commandContext } from "../kit/commandcontext.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { SMALLEST } from "../settings/fixtures.ts";
import { logLine } from "../traffic/log.ts";

const NOON = Date.UTC(2026, 10, 24, 12, 4, 31);

function logged(t: ExecutionContext, text: string, isDenied = false) {
  const path = join(tempFolder(t), "access.log");
  writeFileSync(path, text);
  const printed: string[] = [];
  return { options: { path, isDenied, zone: "UTC", print: (line: string) => printed.push(line) }, printed };
}

const THREE =
  logLine(NOON) +
  logLine(NOON + 1000, { isRefused: true, url: "www.example.com:443", client: "fd00:1::7" }) +
  logLine(NOON + 2000, { client: "127.0.0.1" });

test("in words: when, who, which name, and what became of it; oldest first", async (t) => {
  const { options, printed } = logged(t, THREE);

  await printLast(options, 50);

  t.deepEqual(printed, [
    "2026-11-24 12:04:31  10.20.4.7        a.example.com:443  allowed",
    "2026-11-24 12:04:32  fd00:1::7        www.example.com:443  refused: not on the list",
  ]);
});

test("so many lines, and only what was refused", async (t) => {
  const denied = logged(t, THREE, true);
  await printLast(denied.options, 50);
  t.deepEqual(
    denied.printed.map((line) => line.includes("refused")),
    [true],
  );

  const last = logged(t, THREE);
  await printLast(last.options, 1);
  t.regex(last.printed.join("\n"), /^[^\n]*www\.example\.com[^\n]*$/);

  const none = logged(t, THREE);
  await printLast(none.options, 0);
  t.deepEqual(none.printed, []);
});

test("it follows what is added, across a rotation, until it is ended", async (t) => {
  const { options, printed } = logged(t, THREE, true);
  const place = await printLast(options, 0);
  const ended = new AbortController();
  const following = follow(options, place, ended.signal, 10);
  const see = (count: number) =>
    until(
      async () => printed.length,
      (now) => now >= count,
      { timeout: 20_000, every: 10 },
    );

  appendFileSync(options.path, logLine(NOON) + logLine(NOON, { isRefused: true, url: "one.example:443" }));
  await see(1);
  renameSync(options.path, `${options.path}.1`);
  writeFileSync(options.path, logLine(NOON, { isRefused: true, url: "two.example:443" }));
  await see(2);
  ended.abort();
  await following;

  t.regex(printed[0] ?? "", /one\.example:443/);
  t.regex(printed[1] ?? "", /two\.example:443/);
  t.is(printed.length, 2);
});

test("the command speaks in the time zone of the settings, and refuses a number that is none", async (t) => {
  const system = makeMachine(tempFolder(t));
  lay(system.paths.root, "/var/lib/postern/confirmed.yaml", `${SMALLEST}time: { zone: Europe/Berlin }\n`);
  lay(system.paths.root, "/var/log/squid/access.log", logLine(NOON));
  const { context, printed } = commandContext(system);

  t.is(await run(context, { flags: new Set(), values: new Map(), rest: [] }), 0);
  t.regex(printed.join(), /^2026-11-24 13:04:31 /);

  for (const lines of ["-1", "x", "1e3", "100001", ""])
    await t.throwsAsync(run(context, { flags: new Set(), values: new Map([["lines", lines]]), rest: [] }), {
      message: /--lines takes a number/,
    });
});
