import { messageOf, PosternError } from "../error.ts";
import * as targets from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import type { Ran, System } from "../system/system.ts";
import { ACTIONS, type Action, KEYMAP, SLOW } from "./actions.ts";
import type { Report } from "./steps.ts";

/** How a change of squid.conf reaches Squid: a new number of workers needs a start, the rest does not. */
export type SquidChange = "none" | "reload" | "restart";

/** What has to be done so that the machine lives by its files. Nothing where nothing changed. */
export interface Change {
  /** Paths of files that changed. */
  paths: ReadonlySet<string>;
  squid: SquidChange;
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Brings the running machine to its new files; Squid last, so that no client is served before the firewall
 * knows who may.
 *
 * @throws PosternError `host.activate` at the first action that fails.
 */
export async function activate(
  system: System,
  change: Change,
  settings: Settings,
  report: Report,
): Promise<void> {
  for (const action of ACTIONS) {
    if (await action.isDue(system, change.paths, settings)) await perform(system, action, settings, report);
  }
  if (change.squid === "none") return;
  await finish("Proxy at every start", enableProxy(system), report);
  const verb = change.squid === "reload" ? "reload" : "restart";
  await finish("Proxy", system.run("systemctl", [verb, "squid.service"], { timeout: SLOW }), report);
}

/** The part of activating that outlives a boot; the rest happens by itself when the machine starts. */
export async function activateForBoot(system: System, settings: Settings): Promise<void> {
  const silent: Report = () => {};
  for (const action of ACTIONS) {
    if (action.outlivesBoot === true && (await action.isDue(system, NOTHING, settings)))
      await perform(system, action, settings, silent);
  }
  await finish("Proxy at every start", enableProxy(system), silent);
}

/**
 * What programs made of the files of an interrupted change is made again: the keymap, which console-setup keeps
 * on the disk, and what systemd and netplan had already read when the machine started, its name first of all.
 */
export async function rereadAtBoot(system: System, paths: readonly string[]): Promise<void> {
  if (paths.includes(targets.HOSTNAME))
    await system.run("hostname", ["-F", system.paths.at(targets.HOSTNAME)]);
  if (paths.includes(targets.KEYBOARD)) await system.run("setupcon", KEYMAP).catch(() => {});
  const isRead = (path: string) => path === targets.NETPLAN || path.startsWith("/etc/systemd/");
  if (!paths.some(isRead)) return;
  await system.run("netplan", ["generate"]);
  await system.run("systemctl", ["daemon-reload"]);
}

/** Takes the proxy out of service on a machine that has no settings. */
export async function closeProxy(system: System): Promise<void> {
  await system.run("systemctl", ["disable", "--now", "squid.service"], { timeout: SLOW });
}

async function perform(system: System, action: Action, settings: Settings, report: Report): Promise<void> {
  if (action.isMild !== true) return finish(action.title, action.run(system, settings), report);
  const ran = await action
    .run(system, settings)
    .catch((error: unknown) => ({ code: 1, stdout: "", stderr: messageOf(error) }));
  report(
    ran.code === 0
      ? { title: action.title, state: "ok" }
      : { title: action.title, state: "warn", detail: endOf(ran) },
  );
}

async function finish(title: string, running: Promise<Ran>, report: Report): Promise<void> {
  const ran = await running;
  if (ran.code === 0) return report({ title, state: "ok" });
  const said = endOf(ran);
  report({ title, state: "failed", detail: said });
  throw new PosternError({
    code: "host.activate",
    message: `${title}: exit code ${ran.code}\n${said}`,
    hint: "The previous settings are in force again. journalctl -b -p warning shows more.",
  });
}

function endOf({ stdout, stderr }: Ran): string {
  return `${stderr}${stdout}`.trim().split("\n").slice(-6).join("\n");
}

async function enableProxy(system: System): Promise<Ran> {
  // Enabling reloads systemd, which is slow, so not for nothing.
  const asked = await system.run("systemctl", ["is-enabled", "--quiet", "squid.service"]);
  return asked.code === 0 ? asked : system.run("systemctl", ["enable", "squid.service"]);
}
