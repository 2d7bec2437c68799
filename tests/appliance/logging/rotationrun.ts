/*
 * Runs inside a lab (see rotation.test.ts): the real Squid under traffic while the real logrotate takes its log away,
 * by its size, by its age and by force. Prints as one JSON line what was asked, and what stands in which file.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { squidRotation } from "../../../appliance/logging/retention.ts";
import { until } from "../../../appliance/system/until.ts";
import { connectOnly } from "../../boot/kit/proxyclient.ts";
import { CLIENT, PROXY } from "../../kit/lab/addresses.ts";
import { labFolder } from "../../kit/lab/enclose.ts";
import { startLab } from "../../kit/lab/lab.ts";
import { posternConfig } from "../../kit/lab/postern.ts";
import { labTree } from "../../kit/lab/tree.ts";

const CLIENTS = 16;
const BEFORE_EACH = 400;

const lab = await startLab({ root: await labTree(labFolder() ?? "") });
const squid = await lab.squid(posternConfig({ vcpus: 2, nofile: 2048 }));
const master = (await squid.pids())[0] ?? 0;
const logs = join(readlinkSync(`/proc/${master}/root`), "var/log/squid");
// logrotate goes there as the account of Squid.
chmodSync(lab.dir, 0o755);
const rules = join(lab.dir, "rotation");
const state = join(lab.dir, "rotation.state");
const text = squidRotation({ retentionDays: 30 })
  .replaceAll("/var/log/squid", logs)
  .replace(/^.*systemctl kill.*$/m, `kill -USR1 ${master}`);

let asked = 0;
let isOver = false;
const ask = async (): Promise<void> => {
  while (!isOver) {
    await connectOnly(
      { host: PROXY, port: squid.port, localAddress: CLIENT },
      `rotation-${asked++}.example.com:443`,
    );
  }
};
const clients = Array.from({ length: CLIENTS }, ask);
const more = async (): Promise<void> => {
  const goal = asked + BEFORE_EACH;
  while (asked < goal) await new Promise((resolve) => setTimeout(resolve, 10));
};

const rotate = (how: string, ...options: readonly string[]): number => {
  writeFileSync(rules, how === "size" ? text.replace("maxsize 500M", "maxsize 10k") : text);
  if (how === "age")
    writeFileSync(state, `logrotate state -- version 2\n"${logs}/access.log" 2020-1-1-0:0:0\n`);
  const before = takenAway();
  execFileSync("logrotate", ["--state", state, ...options, rules], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  return takenAway() - before;
};

await more();
const idle = rotate("nothing due");
const rotated: Record<string, number> = {};
for (const how of ["size", "age", "force"]) {
  await more();
  rotated[how] = rotate(how, ...(how === "force" ? ["--force"] : []));
}
await more();
isOver = true;
await Promise.all(clients);

interface Kept {
  /** How often each of the requests stands in the files. */
  seen: Map<string, number>;
  /** Lines that are none. */
  torn: number;
}

// The process that writes the log may still have some of it.
const { seen, torn } = await until(
  async () => kept(),
  (now) => now.seen.size >= asked,
  { timeout: 10_000, every: 100 },
);
await squid.stop();
await lab.close();
const twice = [...seen.values()].filter((times) => times > 1).length;
const result = { asked, kept: seen.size, twice, torn, idle, rotated };
process.stdout.write(`RESULT ${JSON.stringify(result)}\n`, () => process.exit(0));

/** How many files logrotate has made of the log; Squid begins the next one by itself. */
function takenAway(): number {
  return accessLogs().filter((name) => name !== "access.log").length;
}

function accessLogs(): string[] {
  return readdirSync(logs).filter((name) => name.startsWith("access.log"));
}

function kept(): Kept {
  const seen = new Map<string, number>();
  let torn = 0;
  for (const name of accessLogs()) {
    const bytes = readFileSync(join(logs, name));
    const lines = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
    if (lines.pop() !== "") torn++;
    for (const line of lines) {
      const url = urlOf(line);
      if (url === undefined) torn++;
      else if (url.startsWith("rotation-")) seen.set(url, (seen.get(url) ?? 0) + 1);
    }
  }
  return { seen, torn };
}

function urlOf(line: string): string | undefined {
  try {
    return String(JSON.parse(line).url);
  } catch {
    return undefined;
  }
}
