import { PosternError } from "../error.ts";
import { askGit } from "../host/git.ts";
import { EARLIEST_EPOCH, LATEST_EPOCH } from "./schema.ts";

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
  project?: string,
): Promise<number> {
  const said = env.SOURCE_DATE_EPOCH;
  if (said !== undefined && said !== "") return parseEpoch(said);
  return (await commitTime(project, signal)) ?? FIXED_EPOCH;
}

function parseEpoch(text: string): number {
  const seconds = epochOf(text);
  if (seconds !== undefined) return seconds;
  throw new PosternError({
    code: "input.epoch",
    message: `SOURCE_DATE_EPOCH: expected seconds since 1970 from ${EARLIEST_EPOCH} to ${LATEST_EPOCH}; got ${JSON.stringify(text)}`,
    hint: "unset SOURCE_DATE_EPOCH, or set it to a time such as 1767225600.",
  });
}

function epochOf(text: string): number | undefined {
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return seconds >= EARLIEST_EPOCH && seconds <= LATEST_EPOCH ? seconds : undefined;
}

/** The time of HEAD if the project itself is the checkout, not a folder in somebody else's. */
async function commitTime(project: string | undefined, signal: AbortSignal): Promise<number | undefined> {
  const time = await askGit(["show", "-s", "--no-show-signature", "--format=%ct", "HEAD"], signal, project);
  return epochOf(time?.trim() ?? "");
}
