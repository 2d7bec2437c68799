import { setTimeout as pause } from "node:timers/promises";

/**
 * Asks again until the answer is there or the time is over.
 *
 * @param timeout milliseconds in all.
 * @param every milliseconds between two questions.
 * @returns the last answer.
 */
export async function until<T>(
  ask: () => Promise<T>,
  isGood: (answer: T) => boolean,
  { timeout, every = 250 }: { timeout: number; every?: number },
): Promise<T> {
  const end = performance.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (isGood(answer) || performance.now() >= end) return answer;
    await pause(every);
  }
}
