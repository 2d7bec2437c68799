import test from "ava";
import type { Status } from "../../../appliance/check/status.ts";
import { run } from "../../../appliance/commands/status.ts";
import { run as version } from "../../../appliance/commands/version.ts";
import { watchStatus } from "../../../appliance/commands/watch.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { SMALLEST } from "../settings/fixtures.ts";

const RELEASE = { version: "1.0.0", base: "debian-13" };
const NOTHING = { values: new Map(), rest: [] };

test("it looks again and again until it is ended", async (t) => {
  const system = makeMachine(tempFolder(t));
  const ended = new AbortController();
  const seen: Status[] = [];

  const code = await watchStatus(
    { system, release: RELEASE },
    (status) => {
      seen.push(status);
      if (seen.length === 1) lay(system.paths.root, "/var/lib/postern/confirmed.yaml", SMALLEST);
      if (seen.length === 3) ended.abort();
    },
    ended.signal,
    1,
  );

  t.is(code, 0);
  t.deepEqual(
    seen.map(({ configured }) => configured),
    [false, true, true],
  );
});

test("status as words and as JSON", async (t) => {
  const system = makeMachine(tempFolder(t));
  lay(system.paths.root, "/var/lib/postern/confirmed.yaml", SMALLEST);
  const printed: string[] = [];
  const context = { system, release: RELEASE, print: (text: string) => printed.push(text) };

  t.is(await run(context, { flags: new Set(), ...NOTHING }), 0);
  t.is(await run(context, { flags: new Set(["json"]), ...NOTHING }), 0);

  t.regex(printed[0] ?? "", /^ NOT SERVING the proxy does not listen/m);
  t.false(printed[0]?.includes("[r]"));
  t.like(JSON.parse(printed[1] ?? ""), {
    configured: true,
    serving: false,
    clients: [{ cidr: "10.20.0.0/16" }],
    tunnels: 0,
    traffic: { allowed: 0, refused: 0, isWhole: true },
    updates: { installs: "daily", restarts: false },
  });
});

test("the version, and with --json what else there is of it", async (t) => {
  const printed: string[] = [];
  const context = {
    system: makeMachine(tempFolder(t)),
    release: RELEASE,
    print: (text: string) => printed.push(text),
  };

  await version(context, { flags: new Set(), ...NOTHING });
  await version(context, { flags: new Set(["json"]), ...NOTHING });

  t.is(printed[0], "1.0.0");
  const json: unknown = JSON.parse(printed[1] ?? "");
  t.like(json, { version: "1.0.0", base: "debian-13", node: process.version.slice(1) });
  t.regex(printed[1] ?? "", /"catalogue": "\d{4}-\d\d-\d\d/);
});
