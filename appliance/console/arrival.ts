import { watchReport } from "../intake/report.ts";
import type { Paths } from "../paths.ts";
import type { Answer, Asker } from "./asking/asker.ts";

/**
 * The console asks at once, while the boot still looks for settings that came without a keyboard. What it finds
 * may take the place of questions that nobody has answered yet, and of no others.
 */
export interface Arrival {
  /** Aborted when questions have to begin again with what was found. */
  signal: AbortSignal;
  /** The same asker; its first answer ends the waiting. */
  over(asker: Asker): Asker;
  stop(): void;
}

export async function watchArrival(paths: Paths): Promise<Arrival> {
  const controller = new AbortController();
  const report = await watchReport(paths);
  let isTouched = false;
  report.signal.addEventListener("abort", () => {
    if (!isTouched) controller.abort();
  });
  const touch = <T>(answer: Answer<T>): Answer<T> => {
    isTouched ||= answer.kind !== "gone";
    return answer;
  };
  return {
    signal: controller.signal,
    over: (asker) => ({
      ...asker,
      choose: async (question) => touch(await asker.choose(question)),
      pick: async (question) => touch(await asker.pick(question)),
      text: async (question) => touch(await asker.text(question)),
    }),
    stop: report.stop,
  };
}
