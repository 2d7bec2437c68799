import * as targets from "../paths.ts";
import { ownershipOf, readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import type { SquidChange } from "./activate.ts";
import type { RenderedFile } from "./render.ts";

/** The files whose text or mode on the machine is not yet as rendered. */
export async function changedFiles(system: System, files: readonly RenderedFile[]): Promise<RenderedFile[]> {
  const isChanged = await Promise.all(files.map((file) => differs(system, file)));
  return files.filter((_, index) => isChanged[index]);
}

/** What Squid needs to run by its files: nothing, to read them again, or a start. */
export async function squidChange(
  system: System,
  files: readonly RenderedFile[],
  changed: ReadonlySet<string>,
): Promise<SquidChange> {
  const isUp = await Promise.all(
    ["is-enabled", "is-active"].map((verb) => system.run("systemctl", [verb, "--quiet", "squid.service"])),
  );
  if (isUp.some(({ code }) => code !== 0)) return "restart";
  if (![...changed].some((path) => path.startsWith("/etc/squid/"))) return "none";
  const after = files.find(({ path }) => path === targets.SQUID_CONF)?.content;
  const before = await readIfThere(system.paths.at(targets.SQUID_CONF));
  return fixedAtStart(before) === fixedAtStart(after) ? "reload" : "restart";
}

/** Lines that Squid reads only when it starts. */
function fixedAtStart(conf: string | undefined): string {
  return (conf ?? "").match(/^(workers|max_filedescriptors|pid_filename) .*$/gm)?.join("\n") ?? "";
}

/** Whether a change of these files could lock out who asked for it: the network, the firewall, SSH. */
export function needsConfirmation(paths: ReadonlySet<string>): boolean {
  const risky = [targets.NETPLAN, targets.UFW_4, targets.UFW_6, targets.SSHD, targets.ADMIN_KEYS];
  return risky.some((path) => paths.has(path));
}

async function differs(system: System, file: RenderedFile): Promise<boolean> {
  const place = system.paths.at(file.path);
  const [content, owner] = await Promise.all([readIfThere(place), ownershipOf(place)]);
  if (content !== file.content) return true;
  return owner !== undefined && owner.mode !== file.mode;
}
