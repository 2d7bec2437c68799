import { PosternError } from "../error.ts";
import type { BuildDescription } from "../pipeline/describe.ts";
import type { PendingAnswer, PendingUpdate } from "../pipeline/pending.ts";
import type { Reporter } from "../pipeline/report/events.ts";
import { progressFor } from "../pipeline/report/progress.ts";
import type { RunResult } from "../pipeline/run.ts";

export interface PendingOptions {
  /** `--allow-pending`. */
  allowed: boolean;
  reporter: Reporter;
}

/**
 * Asks what the archive has newer than what was built, before anything is delivered. No stage: the answer changes by
 * the day, and what was built stays what it is.
 *
 * @throws PosternError `artifact.pending-updates` for security updates, or the archive's silence, unless both are allowed.
 */
export async function checkPending(
  { updates }: BuildDescription,
  { entries }: RunResult,
  { allowed, reporter }: PendingOptions,
): Promise<PendingAnswer> {
  const entry = entries.get(updates.stage);
  // Only after a failed stage; that is told, and such a build has no record.
  if (entry === undefined) return "not asked";
  const progress = progressFor(reporter, null);
  try {
    const pending = await progress.step("pending updates", () => updates.ask(entry.folder));
    for (const one of pending) progress.note(`pending: ${updateText(one)}`);
    const error = pendingError(pending);
    if (error !== undefined && !allowed) throw error;
    return pending;
  } catch (error) {
    if (!allowed || !(error instanceof PosternError) || error.group !== "network") throw error;
    progress.note("pending updates: not asked, the archive does not answer; the record says so");
    return "not asked";
  }
}

/** One error for all security updates, or undefined; an image may lack other ones. */
export function pendingError(pending: readonly PendingUpdate[]): PosternError | undefined {
  const security = pending.filter((one) => one.security);
  if (security.length === 0) return undefined;
  const count = security.length === 1 ? "1 security update" : `${security.length} security updates`;
  const lines = security.map((one) => `  ${updateText(one)}`);
  return new PosternError({
    code: "artifact.pending-updates",
    message: `the archive has ${count} that the images lack; nothing was written\n${lines.join("\n")}`,
    hint: "./postern build --refresh takes them in; --allow-pending builds without, and the record names them.",
  });
}

function updateText({ name, installed, available, security }: PendingUpdate): string {
  return `${name} ${installed}: ${available}${security ? " (security)" : ""}`;
}
