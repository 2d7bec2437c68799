import { PosternError } from "../../error.ts";
import { orderedWindow } from "../../formats/window.ts";
import type { Progress } from "../../pipeline/progress.ts";
import type { Journal } from "./journal.ts";
import { md5Of, type Page, type PageRange } from "./pages.ts";
import type { Retrier } from "./patience.ts";
import type { Renewing } from "./renew.ts";
import { remaining } from "./resume.ts";
import type { PageTarget } from "./target.ts";
import type { Vhd } from "./vhd.ts";

export interface UploadOptions {
  vhd: Vhd;
  /** Those of the disk; the footer is none of them. */
  pages: readonly Page[];
  target: Renewing<PageTarget>;
  journal: Journal;
  /** Requests at once; as many pages are in memory. */
  parallel: number;
  retrier(signal: AbortSignal): Retrier;
  signal: AbortSignal;
  progress: Progress;
}

export interface Uploaded {
  /** Bytes that were sent now. */
  sent: number;
  /** Bytes that were there from an earlier run. */
  already: number;
}

/**
 * Sends what the destination does not hold yet, and the footer as the last of all: before it is there, Azure takes no
 * disk for a whole one.
 *
 * @throws PosternError `network.azure-size` when the destination has another size, `artifact.publish` when the image
 *   changes meanwhile; the libraries' errors otherwise
 */
export async function upload(options: UploadOptions): Promise<Uploaded> {
  const { vhd, pages, target, journal, signal, progress } = options;
  const ask = <T>(work: (one: PageTarget) => Promise<T>): Promise<T> =>
    target.use((one) => options.retrier(signal).run(() => work(one)));
  const length = await ask((one) => one.length());
  if (length !== vhd.size) throw otherSize(length, vhd.size);
  const footer = footerPage(vhd);
  const present = await ask((one) => one.ranges());
  const { send, clear, dropFooter } = remaining(pages, footer, present, journal.acknowledged);
  const total = sum(pages);
  let done = total - sum(send);
  progress.bar(done, total, "bytes");
  for (const range of [...(dropFooter ? [footer] : []), ...clear]) await ask((one) => one.clear(range));
  await sendAll(options, send, (bytes) => {
    done += bytes;
    progress.bar(done, total, "bytes");
  });
  await ask((one) => one.write(footer, vhd.footer));
  return { sent: sum(send) + footer.length, already: total - sum(send) };
}

async function sendAll(
  options: UploadOptions,
  pages: readonly Page[],
  onSent: (bytes: number) => void,
): Promise<void> {
  const { vhd, target, journal, parallel } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const retrier = options.retrier(signal);
  let failure: { error: unknown } | undefined;
  const sendOne = async (page: Page): Promise<void> => {
    try {
      signal.throwIfAborted();
      const bytes = await vhd.disk.read(page.offset, page.length);
      if (md5Of(bytes) !== page.md5) throw changed();
      await target.use((one) => retrier.run(() => one.write(page, bytes)));
      await journal.add(page);
      onSent(page.length);
    } catch (error) {
      // The others stop for this one; theirs is only that they were stopped.
      failure ??= { error };
      stop.abort(error);
    }
  };
  for await (const _ of orderedWindow(each(pages), parallel, sendOne)) if (failure !== undefined) break;
  if (failure !== undefined) throw failure.error;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

export function footerPage({ disk, footer }: Vhd): Page {
  return { offset: disk.size, length: footer.length, md5: md5Of(footer) };
}

export function sum(ranges: readonly PageRange[]): number {
  return ranges.reduce((bytes, { length }) => bytes + length, 0);
}

function otherSize(length: number, size: number): PosternError {
  return new PosternError({
    code: "network.azure-size",
    message: `the destination has ${length} bytes, and the upload ${size}: it was made for another image`,
    hint: "Delete the disk or the blob that was made for it, and publish again.",
  });
}

function changed(): PosternError {
  return new PosternError({
    code: "artifact.publish",
    message: "the image changed while it was sent",
    hint: "Let nothing write to it, then publish again: what is right already is not sent again.",
  });
}
