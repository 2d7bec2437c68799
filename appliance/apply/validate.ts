import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { PosternError } from "../error.ts";
import { ADMIN_KEYS, NETPLAN, SQUID_CONF, UFW_4, UFW_6 } from "../paths.ts";
import { type Ownership, privateFolder, writeAtomic } from "../system/files.ts";
import type { System } from "../system/system.ts";
import type { RenderedFile } from "./render.ts";

const OURS: Ownership = { mode: 0o600, uid: 0, gid: 0 };

/**
 * Lets each tool read its own file before anything is changed: Squid, netplan, iptables and OpenSSH.
 *
 * @param files rendered for their places, with a squid.conf that names its lists in `paths.squidStaging`.
 * @param changed paths of the files that are new; the tools of the others are left alone, netplan's above all,
 *   which reloads systemd whenever it checks a file.
 * @throws PosternError `host.rendered` with what the tool said.
 */
export async function validate(
  system: System,
  files: readonly RenderedFile[],
  changed: ReadonlySet<string>,
): Promise<void> {
  const { paths } = system;
  const staged = (path: string): string =>
    path.startsWith("/etc/squid/") ? join(paths.squidStaging, basename(path)) : join(paths.staging, path);
  const clean = async (): Promise<void> => {
    await rm(paths.staging, { recursive: true, force: true });
    await rm(paths.squidStaging, { recursive: true, force: true });
  };
  try {
    // A run that was cut off may have left its own.
    await clean();
    await privateFolder(paths.staging);
    await privateFolder(paths.squidStaging);
    for (const { path, content } of files) {
      if (content !== undefined) await writeAtomic(staged(path), content, OURS);
    }
    const squid: Verdict = [SQUID_CONF, "squid", ["-k", "parse", "-f", staged(SQUID_CONF)]];
    const netplan: Verdict = [NETPLAN, "netplan", ["generate", "--root-dir", paths.staging]];
    const rules4: Verdict = [UFW_4, "iptables-restore", ["--test", staged(UFW_4)]];
    const rules6: Verdict = [UFW_6, "ip6tables-restore", ["--test", staged(UFW_6)]];
    const keys: Verdict = [ADMIN_KEYS, "ssh-keygen", ["-l", "-f", staged(ADMIN_KEYS)]];
    const hasKeys = files.some(({ path, content }) => path === ADMIN_KEYS && content !== "");
    const isSquidNew = [...changed].some((path) => path.startsWith("/etc/squid/"));
    const asked = [netplan, rules4, rules6, ...(hasKeys ? [keys] : [])].filter(([path]) => changed.has(path));
    // All of them to their end, also when one refuses: none may still be writing when the folder goes.
    const verdicts = await Promise.allSettled(
      [...asked, ...(isSquidNew ? [squid] : [])].map((verdict) => accept(system, verdict)),
    );
    for (const verdict of verdicts) if (verdict.status === "rejected") throw verdict.reason;
  } finally {
    await clean();
  }
}

/** The file, the tool that reads it, and how. */
type Verdict = readonly [path: string, command: string, args: readonly string[]];

async function accept(system: System, [path, command, args]: Verdict): Promise<void> {
  const { code, stdout, stderr } = await system.run(command, args);
  if (code === 0) return;
  const said = `${stdout}${stderr}`.trim().split("\n").slice(-8).join("\n");
  throw new PosternError({
    code: "host.rendered",
    message: `${command} does not take the new ${path}:\n${said}`,
    hint: "Nothing was changed. Change the settings that the line names; if none does, this is a fault in Postern.",
  });
}
