import { type FileHandle, open, rm } from "node:fs/promises";
import { writeExactly } from "../../appliance/disk/bytes.ts";

/** A new file that small pieces are appended to and that can be written to in place. */
export class Output {
  readonly #file: FileHandle;
  #pieces: Uint8Array[] = [];
  #waiting = 0;
  #written: number;

  constructor(file: FileHandle, start: number) {
    this.#file = file;
    this.#written = start;
  }

  /** Where the next piece goes. */
  get offset(): number {
    return this.#written + this.#waiting;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#pieces.push(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting >= BUFFERED) await this.flush();
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#waiting = 0;
    await writeExactly(this.#file, this.#written, bytes);
    this.#written += bytes.length;
  }

  /** Writes at a place that was left out before, such as a table before its data. */
  async writeAt(offset: number, bytes: Uint8Array): Promise<void> {
    await writeExactly(this.#file, offset, bytes);
  }
}

const BUFFERED = 1024 * 1024;

/**
 * Makes a file, mode 0644, and lets `work` fill it: appended pieces start at `start`. It is flushed to the disk;
 * when `work` fails it is gone.
 */
export async function writeOutput(
  out: string,
  start: number,
  work: (output: Output) => Promise<void>,
): Promise<void> {
  const file = await open(out, "wx", 0o644);
  try {
    const output = new Output(file, start);
    await work(output);
    await output.flush();
    await file.sync();
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
