import { type FileHandle, open, rm } from "node:fs/promises";
import { writeExactly } from "../../appliance/disk/bytes.ts";

/** A new file that small pieces are appended to and that can be written to in place. */
export class Output {
  readonly #file: FileHandle;
  /** One piece of memory for the whole file: thrown away, each flush would leave 1 MiB to the collector. */
  readonly #room = Buffer.allocUnsafe(BUFFERED);
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

  /** The bytes may be used again when this returns. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BUFFERED - this.#waiting);
      this.#room.set(part, this.#waiting);
      this.#waiting += part.length;
      at += part.length;
      if (this.#waiting === BUFFERED) await this.flush();
    }
  }

  async flush(): Promise<void> {
    await writeExactly(this.#file, this.#written, this.#room.subarray(0, this.#waiting));
    this.#written += this.#waiting;
    this.#waiting = 0;
  }

  /** Writes at a place that was left out before, such as a table before its data. */
  async writeAt(offset: number, bytes: Uint8Array): Promise<void> {
    await writeExactly(this.#file, offset, bytes);
  }

  /** Makes the file that long; what was never written is a hole. */
  async setSize(size: number): Promise<void> {
    await this.#file.truncate(size);
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
