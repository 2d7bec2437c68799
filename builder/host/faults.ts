import { messageOf, PosternError } from "../error.ts";

/** Whether a thrown thing is a system error of that name (`ENOENT`). */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code)
  );
}

/**
 * A full disk or a missing permission, wherever it came from: a system call of ours, or the last words of a
 * tool. Everything else is given back as it is.
 */
export function explainFault(error: unknown): unknown {
  if (isFull(error)) {
    return new PosternError({
      code: "host.disk-full",
      message: `no space left on the disk: ${messageOf(error)}`,
      hint: "Free space, or name another place with --cache FOLDER or --out FOLDER. ./postern clean shows what the cache can give back.",
      cause: error,
    });
  }
  if (hasCode(error, "EACCES", "EPERM", "EROFS")) {
    return new PosternError({
      code: "host.permission",
      message: messageOf(error),
      hint: "Name places that you may write with --cache FOLDER and --out FOLDER, or mend their owner and mode.",
      cause: error,
    });
  }
  return error;
}

function isFull(error: unknown): boolean {
  if (hasCode(error, "ENOSPC", "EDQUOT")) return true;
  // Tools say it in their own words only; these two are strerror(3)'s in the C locale, which all of them use.
  if (!(error instanceof PosternError) || error.code === "host.disk-full") return false;
  return /No space left on device|Disk quota exceeded/.test(error.message);
}
