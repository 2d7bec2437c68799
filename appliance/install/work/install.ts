import { PosternError } from "../../error.ts";
import { STEPS, type StepId } from "../steps.ts";
import { writeBootLoaders } from "./boot.ts";
import { copyTree } from "./copy.ts";
import { erase, partition, unboot } from "./erase.ts";
import { addFirmwareEntry } from "./firmware.ts";
import { format } from "./format.ts";
import type { Job, Tell } from "./job.ts";
import { listTree } from "./list.ts";
import { withTarget } from "./mounts.ts";
import { layTexts } from "./texts.ts";
import { verifyTree } from "./verify.ts";

/** Hears how the work goes. */
export interface Watcher {
  begin(step: StepId): void;
  tell: Tell;
}

/**
 * Installs onto the disk, whatever is on it. Boot loaders come last: after a failure nothing on the disk starts.
 *
 * @returns what did not work and does not matter much, in words.
 * @throws PosternError of the step that failed; the message says what is left of the disk.
 */
export async function install(job: Job, watcher: Watcher): Promise<string[]> {
  const { log, tree } = job;
  const { tell } = watcher;
  let current: StepId = "erase";
  const begin = (step: StepId): void => {
    current = step;
    log(`--- ${STEPS.find(({ id }) => id === step)?.title}`);
    watcher.begin(step);
  };
  try {
    begin("erase");
    await erase(job);
    begin("partition");
    await partition(job);
    begin("format");
    await format(job);
    begin("copy");
    const entries = await listTree(tree);
    await withTarget(job, "rw", async () => {
      await copyTree(job, entries, tell);
      begin("texts");
      await layTexts(job);
    });
    begin("verify");
    await withTarget(job, "ro", () => verifyTree(job, entries, tell));
    begin("boot");
    await writeBootLoaders(job);
    begin("firmware");
    const problem = await addFirmwareEntry(job);
    log("installed");
    return problem === undefined
      ? []
      : [
          `The firmware took no entry for the disk (${problem}). It starts by the disk's own loader all the same.`,
        ];
  } catch (error) {
    log(`failed: ${String(error)}`);
    await unboot(job);
    throw failed(error, current, job);
  }
}

/** The error with what became of the disk; the first thing that somebody at the console wants to know. */
function failed(error: unknown, step: StepId, { disk }: Job): PosternError {
  const title = STEPS.find(({ id }) => id === step)?.title ?? step;
  const known = error instanceof PosternError ? error : undefined;
  const what = error instanceof Error ? error.message : String(error);
  return new PosternError({
    code: known?.code ?? "host.install",
    message: `${title}: ${what}\n${disk.path} is erased and starts nothing.`,
    hint: known?.hint ?? "Try again, or take another disk.",
    cause: error,
  });
}
