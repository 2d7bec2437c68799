import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../../appliance/system/until.ts";
import { run } from "../../../builder/host/run.ts";
import { processesIn, tell } from "./processes.ts";
import { type LabRoot, makeRoot } from "./root.ts";

export const SQUID_CONF = "/etc/squid/squid.conf";
const LOGS = "/var/log/squid";
/** Milliseconds; a loaded host with four workers took 3 s. */
const PATIENCE = { timeout: 60_000, every: 20 };
/** Milliseconds until a Squid that was asked to end is ended. */
const GRACE = 5000;

export interface LabConfig {
  /** Of its folder; each Squid of a lab has another. */
  name: string;
  /** Path inside the root to text; `/etc/squid/squid.conf` is among them. Logs go to /var/log/squid. */
  files: Readonly<Record<string, string>>;
  /** Commands inside the root before the start, as root of the tree. */
  prepare?: readonly (readonly string[])[];
  /** Limit of open files, soft and hard; never above the host's own hard limit. */
  nofile?: number;
  /** Takes the place of the number in squid.conf. */
  workers?: number;
}

export interface LabSquid {
  port: number;
  /** All of its processes: master, coordinator, workers, log helpers. */
  pids(): Promise<number[]>;
  /** What stands in the log now; "" where it is not there yet. */
  log(name: "access.log" | "access.log.1" | "cache.log"): Promise<string>;
  /** SIGHUP as by `systemctl reload`, and waits until every worker listens again. */
  reconfigure(): Promise<void>;
  /** Moves the logs away to `.1` as logrotate does, and waits until Squid has begun new ones. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the Squid of a root file system as the unit does: as proxy, without a capability, in the foreground. */
export async function startSquid(below: string, labFolder: string, config: LabConfig): Promise<LabSquid> {
  const folder = join(labFolder, config.name);
  await mkdir(folder);
  const conf = confWith(config);
  const root = await makeRoot(below, folder, { ...config.files, [SQUID_CONF]: conf });
  for (const command of config.prepare ?? []) await run("chroot", [root.path, ...command]);
  const [workers, port] = [
    numberIn(conf, /^workers (\d+)/m, 1),
    numberIn(conf, /^http_port (?:\S+:)?(\d+)/m),
  ];
  const output = join(folder, "output");
  const child = await start(root, output, config.nofile);
  const log = (name: string): Promise<string> =>
    readFile(join(root.path, LOGS, name), "utf8").catch(() => "");
  // Once for each worker; it may have other ports beside the first.
  const accepting = new RegExp(`Accepting .*HTTP Socket connections at .*:${port}\\b`, "g");
  const listening = async (): Promise<number> => (await log("cache.log")).match(accepting)?.length ?? 0;

  const reach = async (what: string, count: () => Promise<number>, least: number): Promise<void> => {
    const got = await until(count, (now) => now >= least || child.exitCode !== null, PATIENCE);
    if (got >= least) return;
    const said = (await readFile(output, "utf8")) + (await log("cache.log"));
    throw new Error(`Squid ${config.name}: ${what} not after ${PATIENCE.timeout} ms\n${said.slice(-4000)}`);
  };
  await reach("it listens", listening, workers);

  const master = child.pid ?? 0;
  return {
    port,
    pids: () => processesIn(root.path),
    log,
    async reconfigure() {
      const before = await listening();
      tell(master, "SIGHUP");
      await reach("it listens again", listening, before + workers);
    },
    async rotate() {
      const names = ["access.log", "cache.log"].map((name) => join(root.path, LOGS, name));
      const there = await existing(names);
      for (const name of there) await rename(name, `${name}.1`);
      tell(master, "SIGUSR1");
      await reach("it begins new logs", async () => (await existing(there)).length, there.length);
    },
    async stop() {
      await end(child, root);
      await root.release();
    },
  };
}

async function start(root: LabRoot, output: string, nofile: number | undefined): Promise<ChildProcess> {
  const { uid, gid } = root.account;
  const file = openSync(output, "w");
  const rights = ["--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"];
  const child = spawn(
    "prlimit",
    [
      ...(nofile === undefined ? [] : [await limitText(nofile)]),
      ...["chroot", root.path, "setpriv", `--reuid=${uid}`, `--regid=${gid}`, ...rights],
      ...["squid", "--foreground", "-YC", "-f", SQUID_CONF],
    ],
    { stdio: ["ignore", file, file], env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", TZ: "UTC" } },
  );
  closeSync(file);
  await once(child, "spawn");
  return child;
}

async function limitText(wanted: number): Promise<string> {
  const limits = await readFile("/proc/self/limits", "utf8");
  const hard = numberIn(limits, /^Max open files +\d+ +(\d+)/m, Number.MAX_SAFE_INTEGER);
  const limit = Math.min(wanted, hard);
  return `--nofile=${limit}:${limit}`;
}

async function end(child: ChildProcess, root: LabRoot): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGINT");
    const force = setTimeout(() => child.kill("SIGKILL"), GRACE);
    await ended;
    clearTimeout(force);
  }
  for (const pid of await processesIn(root.path)) tell(pid, "SIGKILL");
  await until(
    () => processesIn(root.path),
    (pids) => pids.length === 0,
    PATIENCE,
  );
}

function confWith({ files, workers }: LabConfig): string {
  const conf = files[SQUID_CONF];
  if (conf === undefined) throw new Error(`a lab's Squid needs ${SQUID_CONF}`);
  if (workers === undefined) return conf;
  return `${conf.replace(/^workers .*\n/m, "")}\nworkers ${workers}\n`;
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        () => path,
        () => undefined,
      ),
    ),
  );
  return found.filter((path) => path !== undefined);
}

function numberIn(text: string, pattern: RegExp, otherwise?: number): number {
  const found = pattern.exec(text)?.[1] ?? otherwise;
  if (found === undefined) throw new Error(`no ${pattern} in ${text.slice(0, 200)}`);
  return Number(found);
}
