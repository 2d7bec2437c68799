import { BLOCK, readHeader, readPax, type TarHeader, withSize } from "./header.ts";

/** An entry with its name as GNU long names and pax records make it, `./` and the last `/` taken off. */
export interface TarEntry {
  path: string;
  type: "file" | "directory" | "link" | "other";
  size: number;
  linkName: string;
  /** Seconds, with the fraction that a pax record may bring. */
  mtime: number;
}

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
  const input = new BlockReader(source);
  /** Raw blocks of long-name and pax entries that belong to the next real one. */
  let before: Buffer[] = [];
  let pax = new Map<string, Buffer>();
  let longName: string | undefined;
  for (;;) {
    const block = await input.take(BLOCK);
    const header = readHeader(block);
    if (header === undefined) break;
    if (isMeta(header.type)) {
      const content = await input.take(padded(header.size));
      const body = content.subarray(0, header.size);
      if (header.type === "x") pax = readPax(body);
      if (header.type === "L") longName = body.toString("utf8").replace(/\0+$/, "");
      before.push(block, content);
      continue;
    }
    const entry = entryOf(header, pax, longName);
    const verdict = filter.judge(entry);
    if (verdict === "keep") yield* before;
    if (verdict === "keep") yield block;
    if (verdict === "read") {
      const content = (await input.take(padded(header.size))).subarray(0, header.size);
      const changed = filter.read(entry, content);
      yield* before;
      yield withSize(block, changed.length);
      yield changed;
      yield Buffer.alloc(padded(changed.length) - changed.length);
    } else {
      for await (const chunk of input.pass(padded(header.size))) if (verdict === "keep") yield chunk;
    }
    before = [];
    pax = new Map();
    longName = undefined;
  }
  yield Buffer.alloc(2 * BLOCK);
}

const isMeta = (type: string): boolean => type === "x" || type === "L" || type === "K" || type === "g";
const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

const TYPES: Readonly<Record<string, TarEntry["type"]>> = {
  "0": "file",
  "\0": "file",
  "1": "link",
  "2": "link",
  "5": "directory",
};

function entryOf(header: TarHeader, pax: ReadonlyMap<string, Buffer>, longName?: string): TarEntry {
  const name = pax.get("path")?.toString("utf8") ?? longName ?? header.name;
  const mtime = pax.get("mtime")?.toString("latin1");
  return {
    path: name.replace(/^\.\/?/, "").replace(/\/$/, ""),
    type: TYPES[header.type] ?? "other",
    size: header.size,
    linkName: pax.get("linkpath")?.toString("utf8") ?? header.linkName,
    mtime: mtime === undefined ? header.mtime : Number(mtime),
  };
}

/** Hands out exact numbers of bytes from a stream of chunks. */
class BlockReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async take(size: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.pass(size)) chunks.push(chunk);
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  async *pass(size: number): AsyncGenerator<Buffer> {
    let left = size;
    while (left > 0) {
      if (this.#rest.length === 0) await this.#refill();
      const chunk = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(chunk.length);
      left -= chunk.length;
      yield chunk;
    }
  }

  async #refill(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) throw new RangeError("the tar ends in the middle of an entry");
    this.#rest = next.value;
  }
}
