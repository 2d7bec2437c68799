import { fileURLToPath } from "node:url";
import { PosternError } from "../error.ts";
import { run } from "../host/run.ts";
import { EARLIEST_EPOCH, LATEST_EPOCH } from "./schema.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** 2026-01-01: for a source tree that is no git checkout and whose builder says nothing. */
export const FIXED_EPOCH = 1_767_225_600;

/**
 * The time that images carry where the recipe names none: `SOURCE_DATE_EPOCH`
 * (https://reproducible-builds.org/specs/source-date-epoch/), else the commit time of HEAD, else a fixed
 * date. Never the clock: the same source must give the same bytes next year.
 *
 * @throws PosternError `input.epoch` when SOURCE_DATE_EPOCH is not a time.
 */
export async function defaultEpoch(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  project = PROJECT,
): Promise<number> {
  const said = env.SOURCE_DATE_EPOCH;
  if (said !== undefined && said !== "") return parseEpoch(said);
  return (await commitTime(project, signal)) ?? FIXED_EPOCH;
}

function parseEpoch(text: string): number {
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= EARLIEST_EPOCH && seconds <= LATEST_EPOCH) return seconds;
  throw new PosternError({
    code: "input.epoch",
    message: `SOURCE_DATE_EPOCH: expected seconds since 1970 from ${EARLIEST_EPOCH} to ${LATEST_EPOCH}; got ${JSON.stringify(text)}`,
    hint: "unset SOURCE_DATE_EPOCH, or set it to a time such as 1767225600.",
  });
}

/** The time of HEAD if the project itself is the checkout, not a folder in somebody else's. */
async function commitTime(project: string, signal: AbortSignal): Promise<number | undefined> {
  // git refuses another user's checkout (sudo ./postern build) because of the commands its configuration
  // may run. Neither of these two runs any.
  const git = ["-c", `safe.directory=${project.replace(/\/$/, "")}`, "-C", project];
  try {
    const { stdout: prefix } = await run("git", [...git, "rev-parse", "--show-prefix"], { signal });
    if (prefix.trim() !== "") return undefined;
    const { stdout } = await run(
      "git",
      [...git, "show", "-s", "--no-show-signature", "--format=%ct", "HEAD"],
      {
        signal,
      },
    );
    return parseEpoch(stdout.trim());
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
