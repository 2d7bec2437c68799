import { type FileHandle, stat } from "node:fs/promises";
import { LONGEST_LINE, openIfThere, type Place, readBlock } from "./backwards.ts";

interface Source {
  file: FileHandle;
  inode: number;
  offset: number;
  /** The beginning of a line whose end is not written yet. */
  rest: Buffer;
}

const BLOCK = 1024 * 1024;
/** At most so much a look; what is left comes with the next one. */
const MOST_BLOCKS = 16;
const NEWLINE = 10;

/** Reads what is added to a log, also when the log is rotated or cut off meanwhile. */
export class Follower {
  readonly #path: string;
  readonly #from: Place | undefined;
  /** The file now and, until the next rotation, the one before: its writers may need a moment to let go. */
  #sources: Source[] = [];

  /** @param from where to begin; without it at the beginning of whatever is there. */
  constructor(path: string, from?: Place) {
    this.#path = path;
    this.#from = from;
  }

  /** Whole lines that were added since the last call, in their order. */
  async read(): Promise<string[]> {
    await this.#openNewest();
    const lines: string[] = [];
    for (const source of this.#sources) await drain(source, lines);
    for (const old of this.#sources.splice(0, this.#sources.length - 2)) await old.file.close();
    return lines;
  }

  async close(): Promise<void> {
    for (const { file } of this.#sources.splice(0)) await file.close();
  }

  async #openNewest(): Promise<void> {
    const inode = await stat(this.#path).then(
      ({ ino }) => ino,
      () => undefined,
    );
    const isFirst = this.#sources.length === 0;
    // It may have been rotated between the reading back and the first look.
    if (isFirst && this.#from !== undefined && this.#from.inode !== inode)
      await this.#open(`${this.#path}.1`);
    if (inode !== undefined && this.#sources.at(-1)?.inode !== inode) await this.#open(this.#path);
  }

  async #open(path: string): Promise<void> {
    const file = await openIfThere(path);
    if (file === undefined) return;
    const { ino } = await file.stat();
    const isKnown = this.#from?.inode === ino;
    // Another old log is not what was read back to.
    if (path !== this.#path && !isKnown) return file.close();
    const offset = isKnown && this.#sources.length === 0 ? (this.#from?.offset ?? 0) : 0;
    this.#sources.push({ file, inode: ino, offset, rest: Buffer.alloc(0) });
  }
}

async function drain(source: Source, lines: string[]): Promise<void> {
  const { size } = await source.file.stat();
  if (size < source.offset) {
    source.offset = 0;
    source.rest = Buffer.alloc(0);
  }
  for (let count = 0; count < MOST_BLOCKS; count++) {
    const block = await readBlock(source.file, source.offset, BLOCK);
    if (block.length === 0) return;
    source.offset += block.length;
    const all = Buffer.concat([source.rest, block]);
    const end = all.lastIndexOf(NEWLINE) + 1;
    const rest = all.subarray(end);
    source.rest = rest.length > LONGEST_LINE ? Buffer.alloc(0) : Buffer.from(rest);
    for (const line of all.subarray(0, end).toString("utf8").split("\n")) if (line !== "") lines.push(line);
    if (block.length < BLOCK) return;
  }
}
