import { faultOf, isTransient } from "./fault.ts";

/** How long one waits before asking again. No chance in it: who asks at once waits together. */
export interface Patience {
  /** Milliseconds before the second, third, ... try; as many tries as there are entries, and one. */
  delays: readonly number[];
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const SECOND = 1000;
/** Longer than this no answer of ours is waited for, whatever Retry-After says. */
const LONGEST = 300 * SECOND;

/** Eight minutes in all: longer than a storage service takes to move a partition. */
export const DELAYS = [1, 2, 4, 8, 15, 30, 60, 120, 120, 120].map((seconds) => seconds * SECOND);

/** Runs requests so that each is tried again, and all are held back while the service asks for it. */
export interface Retrier {
  run<T>(request: () => Promise<T>): Promise<T>;
}

/** @param onWait told before each wait: what came, and for how long. */
export function retrier(
  { delays, sleep }: Patience,
  signal: AbortSignal,
  onWait: (why: string, ms: number) => void = () => {},
): Retrier {
  let pause: Promise<void> | undefined;
  return {
    async run(request) {
      for (let attempt = 0; ; attempt++) {
        // Another request may have been told to wait while this one waited.
        while (pause !== undefined) await pause;
        signal.throwIfAborted();
        try {
          return await request();
        } catch (error) {
          signal.throwIfAborted();
          const fault = faultOf(error);
          const delay = delays[attempt];
          if (fault === undefined || delay === undefined || !isTransient(fault)) throw error;
          const ms = Math.min(LONGEST, Math.max(delay, (fault.retryAfter ?? 0) * SECOND));
          onWait(`${fault.status ?? ""} ${fault.code}`.trim(), ms);
          const isBusy = fault.status === 429 || fault.status === 503;
          if (!isBusy) await sleep(ms, signal);
          else
            pause ??= sleep(ms, signal).finally(() => {
              pause = undefined;
            });
        }
      }
    },
  };
}
