import { PosternError } from "../error.ts";
import * as targets from "../paths.ts";
import { ADMIN } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import { adminHash } from "../system/accounts.ts";
import type { Ran, System } from "../system/system.ts";
import type { Report } from "./steps.ts";

/** Starting Squid with four workers on a machine without virtualisation support takes its time. */
const SLOW = 180_000;

interface Action {
  title: string;
  run(): Promise<Ran>;
}

/** How a change of squid.conf reaches Squid: a new number of workers needs a start, the rest does not. */
export type SquidChange = "none" | "reload" | "restart";

/** What has to be done so that the machine lives by its files. Nothing where nothing changed. */
export interface Change {
  /** Paths of files that changed. */
  paths: ReadonlySet<string>;
  squid: SquidChange;
}

/**
 * Brings the running machine to its new files: network, name, firewall, time, the password, and Squid last,
 * so that no client is served before the firewall knows who may.
 *
 * @throws PosternError `host.activate` at the first action that fails.
 */
export async function activate(
  system: System,
  change: Change,
  settings: Settings,
  report: Report,
): Promise<void> {
  const { paths } = change;
  const run = system.run.bind(system);
  const actions: Action[] = [];
  if (paths.has(targets.HOSTNAME)) {
    actions.push({ title: "Name", run: () => run("hostname", ["-F", system.paths.at(targets.HOSTNAME)]) });
  }
  if (paths.has(targets.NETPLAN)) {
    actions.push({ title: "Network", run: () => run("netplan", ["apply"], { timeout: SLOW }) });
  }
  if (paths.has(targets.UFW_4) || paths.has(targets.UFW_6)) {
    actions.push({ title: "Firewall", run: () => reloadFirewall(system) });
  }
  if (paths.has(targets.CHRONY_SOURCES)) {
    actions.push({ title: "Time servers", run: () => run("chronyc", ["reload", "sources"]) });
  }
  if (await isPasswordNew(system, settings))
    actions.push({ title: "Password", run: () => setPassword(system, settings) });
  if (change.squid !== "none") {
    actions.push({ title: "Proxy at every start", run: () => enableProxy(system) });
    const verb = change.squid === "reload" ? "reload" : "restart";
    actions.push({ title: "Proxy", run: () => run("systemctl", [verb, "squid.service"], { timeout: SLOW }) });
  }
  for (const action of actions) await perform(action, report);
}

/** The part of activating that outlives a boot; the rest happens by itself when the machine starts. */
export async function activateForBoot(system: System, settings: Settings): Promise<void> {
  const silent: Report = () => {};
  if (await isPasswordNew(system, settings)) {
    await perform({ title: "Password", run: () => setPassword(system, settings) }, silent);
  }
  await perform({ title: "Proxy at every start", run: () => enableProxy(system) }, silent);
}

/** Takes the proxy out of service on a machine that has no settings. */
export async function closeProxy(system: System): Promise<void> {
  await system.run("systemctl", ["disable", "--now", "squid.service"], { timeout: SLOW });
}

async function perform({ title, run }: Action, report: Report): Promise<void> {
  const { code, stdout, stderr } = await run();
  if (code === 0) return report({ title, state: "ok" });
  const said = `${stderr}${stdout}`.trim().split("\n").slice(-6).join("\n");
  report({ title, state: "failed", detail: said });
  throw new PosternError({
    code: "host.activate",
    message: `${title}: exit code ${code}\n${said}`,
    hint: "The previous settings are in force again. journalctl -b -p warning shows more.",
  });
}

async function enableProxy(system: System): Promise<Ran> {
  // Enabling reloads systemd, which is slow, so not for nothing.
  const asked = await system.run("systemctl", ["is-enabled", "--quiet", "squid.service"]);
  return asked.code === 0 ? asked : system.run("systemctl", ["enable", "squid.service"]);
}

/**
 * The kernel takes each file of rules whole and at once, so there is no moment without a firewall. `ufw reload`
 * would make one: it writes ENABLED=no into ufw.conf and then yes again, and a power cut between the two leaves
 * a machine that starts without a firewall.
 */
export async function reloadFirewall(system: System): Promise<Ran> {
  const { stdout } = await system.run("ufw", ["status"]);
  if (!/^Status: active$/m.test(stdout)) return system.run("ufw", ["--force", "enable"]);
  const four = await system.run("iptables-restore", ["-n", system.paths.at(targets.UFW_4)]);
  return four.code === 0 ? system.run("ip6tables-restore", ["-n", system.paths.at(targets.UFW_6)]) : four;
}

async function isPasswordNew({ paths }: System, { admin }: Settings): Promise<boolean> {
  return admin.passwordHash !== undefined && (await adminHash(paths)) !== admin.passwordHash;
}

/** The hash goes in by standard input: arguments can be read by every process. */
function setPassword(system: System, { admin }: Settings): Promise<Ran> {
  return system.run("chpasswd", ["-e"], { input: `${ADMIN}:${admin.passwordHash}\n` });
}
