import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { PosternError } from "../error.ts";
import * as targets from "../paths.ts";
import { type Ownership, privateFolder, writeAtomic } from "../system/files.ts";
import type { System } from "../system/system.ts";
import type { RenderedFile } from "./render.ts";

const OURS: Ownership = { mode: 0o600, uid: 0, gid: 0 };

/**
 * Lets each tool read its own file before anything is changed: Squid, netplan, iptables and OpenSSH.
 *
 * @param files rendered for their places, with a squid.conf that names its lists in `paths.squidStaging`.
 * @throws PosternError `host.rendered` with what the tool said.
 */
export async function validate(system: System, files: readonly RenderedFile[]): Promise<void> {
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
    // All of them to their end, also when one refuses: none may still be writing when the folder goes.
    const verdicts = await Promise.allSettled([
      accept(system, "squid", ["-k", "parse", "-f", staged(targets.SQUID_CONF)], targets.SQUID_CONF),
      accept(system, "netplan", ["generate", "--root-dir", paths.staging], targets.NETPLAN),
      accept(system, "iptables-restore", ["--test", staged(targets.UFW_4)], targets.UFW_4),
      accept(system, "ip6tables-restore", ["--test", staged(targets.UFW_6)], targets.UFW_6),
      ...files
        .filter(({ path, content }) => path === targets.ADMIN_KEYS && content !== "")
        .map(({ path }) => accept(system, "ssh-keygen", ["-l", "-f", staged(path)], path)),
    ]);
    for (const verdict of verdicts) if (verdict.status === "rejected") throw verdict.reason;
  } finally {
    await clean();
  }
}

async function accept(system: System, command: string, args: readonly string[], path: string): Promise<void> {
  const { code, stdout, stderr } = await system.run(command, args);
  if (code === 0) return;
  const said = `${stdout}${stderr}`.trim().split("\n").slice(-8).join("\n");
  throw new PosternError({
    code: "host.rendered",
    message: `${command} does not take the new ${path}:\n${said}`,
    hint: "Nothing was changed. Change the settings that the line names; if none does, this is a fault in Postern.",
  });
}
