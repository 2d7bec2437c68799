import { faultOf, isDenied } from "./fault.ts";

/** Something that can run out (an address with a signature) and be had anew. */
export interface Renewing<T> {
  /** Runs work with it, and once more with a new one where it had run out. */
  use<R>(work: (one: T) => Promise<R>): Promise<R>;
}

/**
 * Opens lazily, and again when a request is denied that would have been allowed before: many requests that are denied
 * at once open one new. A new one that is denied from its first request is not what ran out.
 */
export function renewing<T>(open: () => Promise<T>, onRenew: () => void = () => {}): Renewing<T> {
  let current: { one: Promise<T>; isProven: boolean } | undefined;
  return {
    async use(work) {
      for (;;) {
        current ??= { one: open(), isProven: false };
        const mine = current;
        const one = await mine.one;
        try {
          const result = await work(one);
          mine.isProven = true;
          return result;
        } catch (error) {
          const fault = faultOf(error);
          if (fault === undefined || !isDenied(fault) || !mine.isProven) throw error;
          if (current === mine) {
            onRenew();
            current = undefined;
          }
        }
      }
    },
  };
}
