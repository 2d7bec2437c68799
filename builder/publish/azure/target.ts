import type { PageBlobClient } from "@azure/storage-blob";
import type { Page, PageRange } from "./pages.ts";

/** A page blob that is written to; that of a managed disk is one, too. */
export interface PageTarget {
  /** Its size in bytes. */
  length(): Promise<number>;
  /** What it holds, in any order. */
  ranges(): Promise<PageRange[]>;
  write(page: Page, bytes: Uint8Array): Promise<void>;
  clear(range: PageRange): Promise<void>;
}

/** A request that was given up because nothing came back for too long. */
export class RequestTimeout extends Error {
  constructor(ms: number) {
    super(`no answer in ${ms / 1000} s`);
    this.name = "RequestTimeout";
  }
}

/** 4 MiB take a minute at 70 KiB/s: on a slower line nobody uploads a disk. */
const LONGEST_MS = 60_000;

/**
 * Only what is allowed on the blob of a managed disk: to make it anew (Put Blob) would wipe what Azure keeps about it
 * there.
 */
export function pageTarget(client: PageBlobClient, signal: AbortSignal): PageTarget {
  const timed = (work: (abortSignal: AbortSignal) => Promise<void>) => inTime(signal, work);
  return {
    async length() {
      let length = -1;
      await timed(async (abortSignal) => {
        length = (await client.getProperties({ abortSignal })).contentLength ?? -1;
      });
      return length;
    },
    async ranges() {
      const found: PageRange[] = [];
      for await (const { start, end, isClear } of client.listPageRanges(0, undefined, {
        abortSignal: signal,
      }))
        if (!isClear) found.push({ offset: start, length: end - start + 1 });
      return found;
    },
    write: ({ offset, length, md5 }, bytes) =>
      timed(async (abortSignal) => {
        const transactionalContentMD5 = Buffer.from(md5, "hex");
        await client.uploadPages(bytes, offset, length, { abortSignal, transactionalContentMD5 });
      }),
    clear: ({ offset, length }) =>
      timed(async (abortSignal) => {
        await client.clearPages(offset, length, { abortSignal });
      }),
  };
}

async function inTime(signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const clock = AbortSignal.timeout(LONGEST_MS);
  try {
    await work(AbortSignal.any([signal, clock]));
  } catch (error) {
    throw clock.aborted && !signal.aborted ? new RequestTimeout(LONGEST_MS) : error;
  }
}
