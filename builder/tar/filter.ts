import { BLOCK, withSize } from "./header.ts";
import { padded, type TarEntry, tarMembers } from "./members.ts";

/** What becomes of an entry: it goes through, is left out, or is held to be read and perhaps changed. */
export type Verdict = "keep" | "drop" | "read";

export interface TarFilter {
  judge(entry: TarEntry): Verdict;
  /** Called with the content of a file whose verdict was `read`; returns what shall stand there. */
  read(entry: TarEntry, content: Buffer): Buffer;
}

/**
 * Passes a tar through a filter, block by block: memory stays small, and what is kept stays as it was to
 * the byte. Ends at the archive's end marker and writes one of its own.
 *
 * @throws RangeError when the archive is cut or broken.
 */
export async function* filterTar(source: AsyncIterable<Buffer>, filter: TarFilter): AsyncGenerator<Buffer> {
  for await (const { entry, blocks, content } of tarMembers(source)) {
    const verdict = filter.judge(entry);
    if (verdict === "drop") continue;
    if (verdict === "keep") {
      yield* blocks;
      yield* content();
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of content()) chunks.push(chunk);
    const changed = filter.read(entry, Buffer.concat(chunks).subarray(0, entry.size));
    const header = blocks.at(-1) ?? Buffer.alloc(BLOCK);
    yield* blocks.slice(0, -1);
    yield withSize(header, changed.length);
    yield changed;
    yield Buffer.alloc(padded(changed.length) - changed.length);
  }
  yield Buffer.alloc(2 * BLOCK);
}
