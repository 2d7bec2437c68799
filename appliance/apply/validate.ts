import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { PosternError } from "../error.ts";
import type { System } from "../system/system.ts";
import type { RenderedFile } from "./render.ts";
import { stagedPath, stagingFolders, type Verdict, verdicts } from "./verdicts.ts";

/**
 * Lets each tool read its own file before anything is changed.
 *
 * @param files rendered for their places, looking for each other in `stagedPlaces`.
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
  const clean = async (): Promise<void> => {
    for (const folder of stagingFolders(paths)) await rm(folder, { recursive: true, force: true });
  };
  try {
    // A run that was cut off may have left its own.
    await clean();
    for (const { path, content } of files) {
      if (content !== undefined && isRead(path, changed)) await stage(stagedPath(paths, path), content);
    }
    // sshd looks for it even when it only reads; where a socket starts sshd nobody else has made it.
    await mkdir(paths.sshdFolder, { recursive: true, mode: 0o755 });
    const isFirstStart = !(await hasHostKey(system));
    const asked = verdicts(paths, files)
      .filter((verdict) => files.some((file) => isAbout(verdict, file, changed)))
      .filter(({ command }) => command !== "sshd" || !isFirstStart);
    for (const { helper } of asked) if (helper !== undefined) await stage(...helper);
    // All of them to their end, also when one refuses: none may still be writing when the folder goes.
    const answers = await Promise.allSettled(asked.map((verdict) => accept(system, verdict)));
    for (const answer of answers) if (answer.status === "rejected") throw answer.reason;
  } finally {
    await clean();
  }
}

/** Squid and rsyslog read all of their files together; every other program reads those that are new. */
function isRead(path: string, changed: ReadonlySet<string>): boolean {
  return changed.has(path) || path.startsWith("/etc/squid/") || path.startsWith("/etc/rsyslog.d/");
}

/** A copy that only has to live until its program has read it, in a folder of our own. */
async function stage(place: string, content: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  await writeFile(place, content, { mode: 0o600 });
}

/** Whether a file that the tool reads is new, and says anything. */
function isAbout({ about }: Verdict, { path, content }: RenderedFile, changed: ReadonlySet<string>): boolean {
  if (content === undefined || content === "" || !changed.has(path)) return false;
  return about.some((place) => place === path || (place.endsWith("/") && path.startsWith(place)));
}

/** sshd answers nothing before the machine has made its own key, which happens beside the first console. */
async function hasHostKey({ paths }: System): Promise<boolean> {
  const names = await readdir(paths.hostKeys).catch(() => []);
  return names.some((name) => /^ssh_host_\w+_key$/.test(name));
}

async function accept(system: System, { about, command, args, isOptional }: Verdict): Promise<void> {
  const ran = await system.run(command, args).catch((error: unknown) => {
    if (isOptional === true && isMissing(error)) return undefined;
    throw error;
  });
  if (ran === undefined || ran.code === 0) return;
  const said = `${ran.stdout}${ran.stderr}`.trim().split("\n").slice(-8).join("\n");
  throw new PosternError({
    code: "host.rendered",
    message: `${command} does not take the new ${about[0]}:\n${said}`,
    hint: "Nothing was changed. Change the settings that the line names; if none does, this is a fault in Postern.",
  });
}

/** Whether the program could not be started because there is none. */
function isMissing(error: unknown): boolean {
  const cause = error instanceof PosternError ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}
