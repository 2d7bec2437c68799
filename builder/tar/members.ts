import { BLOCK, readHeader, readPax, type TarHeader } from "./header.ts";

/** An entry with its name as GNU long names and pax records make it, `./` and the last `/` taken off. */
export interface TarEntry {
  path: string;
  type: "file" | "directory" | "link" | "other";
  size: number;
  linkName: string;
  /** Seconds, with the fraction that a pax record may bring. */
  mtime: number;
}

/** One entry of an archive as it comes by. Its content can be read once, and only while it is its turn. */
export interface TarMember {
  entry: TarEntry;
  header: TarHeader;
  pax: ReadonlyMap<string, Buffer>;
  /** Its blocks as they stand: long names and pax records, then its header. */
  blocks: readonly Buffer[];
  /** The content, padded to whole blocks; to be read whole, or not at all. */
  content(): AsyncGenerator<Buffer>;
}

/**
 * The entries of a tar, one after the other; memory stays small. Ends at the archive's end marker.
 *
 * @throws RangeError when the archive is cut or broken.
 */
export async function* tarMembers(source: AsyncIterable<Buffer>): AsyncGenerator<TarMember> {
  const input = new BlockReader(source);
  let blocks: Buffer[] = [];
  let pax = new Map<string, Buffer>();
  let longName: string | undefined;
  for (;;) {
    const block = await input.take(BLOCK);
    const header = readHeader(block);
    if (header === undefined) return;
    blocks.push(block);
    if (isMeta(header.type)) {
      const content = await input.take(padded(header.size));
      const body = content.subarray(0, header.size);
      if (header.type === "x") pax = readPax(body);
      if (header.type === "L") longName = body.toString("utf8").replace(/\0+$/, "");
      blocks.push(content);
      continue;
    }
    const content = input.pass(padded(header.size));
    yield { entry: entryOf(header, pax, longName), header, pax, blocks, content: () => content };
    for await (const _ of content);
    blocks = [];
    pax = new Map();
    longName = undefined;
  }
}

/** Bytes that content of that size takes in an archive. */
export const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

const isMeta = (type: string): boolean => type === "x" || type === "L" || type === "K" || type === "g";

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
