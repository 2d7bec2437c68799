import { readFileSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { PosternError } from "../error.ts";
import { privateFolder, readIfThere } from "./files.ts";
import type { System } from "./system.ts";
import { until } from "./until.ts";

/**
 * Does something that only one posternctl may do at a time. The lock lies in /run, so it never outlives a
 * boot, and a lock whose holder has died is taken over.
 *
 * @param patience milliseconds to wait for another one that holds it.
 * @throws PosternError `host.busy` when another one holds it still.
 */
export async function withLock<T>({ paths }: System, work: () => Promise<T>, patience = 0): Promise<T> {
  await privateFolder(paths.run);
  const attempt = () => take(paths.lock).then(() => undefined, asBusy);
  const refusal = await until(attempt, (busy) => busy === undefined, { timeout: patience });
  if (refusal !== undefined) throw refusal;
  try {
    return await work();
  } finally {
    await rm(paths.lock, { force: true });
  }
}

async function take(path: string): Promise<void> {
  for (const attempt of ["first", "last"]) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(holderText(process.pid));
      await file.close();
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = (await readIfThere(path)) ?? "";
    const pid = Number(holder.split(" ")[0]);
    if (attempt === "last" || (pid > 0 && holder === holderText(pid))) throw busy(pid);
    await rm(path, { force: true });
  }
}

/** The process and the moment it started, in clock ticks (proc(5), stat field 22): pids come again. */
function holderText(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return `${pid} ${fields[19]}`;
  } catch {
    return "";
  }
}

/** Another one at work can be waited for; any other fault cannot. */
function asBusy(error: unknown): PosternError {
  if (error instanceof PosternError && error.code === "host.busy") return error;
  throw error;
}

function busy(pid: number): PosternError {
  return new PosternError({
    code: "host.busy",
    message: `Settings are being applied by another posternctl (process ${pid}).`,
    hint: "Wait until it has ended, then try again.",
  });
}
