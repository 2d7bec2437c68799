/*
 * Runs inside network and mount namespaces of its own (see reconfigure.test.ts): the machine's files, the real
 * Squid with two workers that reads them, tunnels that are held while `posternctl endpoints update` and
 * `posternctl rollback` change the lists under it. Prints one JSON line.
 *
 * argv: the machine's folder, a signed catalogue, the line of the signer's key.
 */
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { apply } from "../../../appliance/apply/apply.ts";
import { update } from "../../../appliance/commands/endpointsupdate.ts";
import { rollBack } from "../../../appliance/commands/rollback.ts";
import { SQUID_PAGES, SQUID_ROOM } from "../../../appliance/paths.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { commandContext, YES } from "../kit/commandcontext.ts";
import { makeMachine } from "../kit/machine.ts";
import { layPages, ROOM } from "../kit/pages.ts";
import { requestOf } from "../kit/request.ts";
import { serveNames } from "../proxy/dns.ts";
import { CLIENT, CLOUD } from "../proxy/scenarios.ts";
import { echoes, NAMES, openTunnel } from "./tunnels.ts";

const [root = "", file = "", key = ""] = process.argv.slice(2);
const HELD = 40;
/** One for each of the machine's processors. */
const WORKERS = 2;
const squids: number[] = [];
const CONF = "/run/squid/squid.conf";
const pages = layPages(root);
const SETTINGS = `schema: 1
clients:
  - cidr: 10.20.0.0/16
defender:
  services: [mde, azure-arc]
  broad: ["azgn*.servicebus.windows.net"]
  catalogueKeys: ["${key}"]
`;

execFileSync("ip", ["link", "set", "lo", "up"]);
for (const address of [CLOUD, CLIENT]) execFileSync("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
const machine = makeMachine(root);
layMounts();
await Promise.all([
  serveNames(Object.fromEntries(NAMES.map((name) => [name, [CLOUD]]))),
  new Promise<void>((resolve) => createServer((socket) => socket.pipe(socket)).listen(443, CLOUD, resolve)),
]);

// The services of this machine: Squid is the one that is real.
const run = machine.run;
machine.run = async (command, args, options) => {
  const line = [command, ...args].join(" ");
  if (line === "systemctl restart squid.service") startSquid();
  if (line === "systemctl reload squid.service") {
    layConf();
    return run("squid", ["-k", "reconfigure", "-f", CONF], options);
  }
  return run(command, args, options);
};
await apply(machine, requestOf(SETTINGS), () => {});
await workersListen(1);

const before = await statuses();
const held: Socket[] = [];
for (let index = 0; index < HELD; index++) {
  const { socket } = await openTunnel(index % 2 === 0 ? "config.edge.skype.com" : "go.microsoft.com");
  if (socket !== undefined) held.push(socket);
}
const processes = children();
const { context, printed } = commandContext(machine);

await update(context, parseSettings(SETTINGS, "settings.yaml"), file, YES, { patience: 0 });
await workersListen(2);
const updated = await statuses();
const aliveAfterUpdate = await countAlive();

await rollBack(context, YES, { patience: 0 });
await workersListen(3);
const rolledBack = await statuses();
const aliveAfterRollback = await countAlive();

const result = {
  before,
  updated,
  rolledBack,
  held: held.length,
  aliveAfterUpdate,
  aliveAfterRollback,
  starts: squids.length,
  processes: [processes, children()],
  printed,
  log: readFileSync("/var/log/squid/cache.log", "utf8"),
};
process.stdout.write(`\nRESULT ${JSON.stringify(result)}\n`, () => process.exit(0));

/** Puts the machine's folders where Squid looks for them; nobody outside sees it. */
function layMounts(): void {
  const line = /^proxy:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  const [uid, gid] = [Number(line?.[1]), Number(line?.[2])];
  execFileSync("mount", ["-t", "tmpfs", "none", "/run"]);
  mkdirSync("/run/squid");
  chownSync("/run/squid", uid, gid);
  const logs = join(root, "var/log/squid");
  mkdirSync(logs, { recursive: true });
  chownSync(logs, uid, gid);
  execFileSync("mount", ["--bind", logs, "/var/log/squid"]);
  execFileSync("mount", ["--bind", join(root, "etc/squid"), "/etc/squid"]);
}

/** The machine's own configuration, with what the image brings looked for where it lies here. */
function layConf(): void {
  const text = readFileSync("/etc/squid/squid.conf", "utf8");
  writeFileSync(CONF, text.replaceAll(SQUID_PAGES, pages).replaceAll(SQUID_ROOM, ROOM));
}

function startSquid(): void {
  layConf();
  const squid = spawn("squid", ["--foreground", "-f", CONF], { stdio: ["ignore", "inherit", "inherit"] });
  squids.push(squid.pid ?? 0);
  squid.on("exit", () => process.exit(1));
}

/** The processes of Squid, the first one and those that it started. */
function children(): string[] {
  const [first] = squids;
  const started = readFileSync(`/proc/${first}/task/${first}/children`, "utf8").trim().split(" ");
  return [String(first), ...started];
}

/** What a new tunnel to each name is answered with. */
async function statuses(): Promise<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const name of NAMES) {
    const { socket, status } = await openTunnel(name);
    socket?.destroy();
    all[name] = status;
  }
  return all;
}

async function countAlive(): Promise<number> {
  const alive = await Promise.all(held.map(echoes));
  return alive.filter(Boolean).length;
}

/**
 * Waits until every worker listens, for the first time or after having read its files anew. Until then one
 * answers by the old lists; and a worker that is told to read them before it listened at all gives up and is
 * started afresh (seen with Squid 5.7).
 */
async function workersListen(times: number): Promise<void> {
  const lines = () =>
    readFileSync("/var/log/squid/cache.log", "utf8").match(/Accepting HTTP Socket.*:3128 /g) ?? [];
  while (!existsSync("/var/log/squid/cache.log") || lines().length < times * WORKERS)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
