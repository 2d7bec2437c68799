import { openSync, readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { GRAIN } from "./layout.ts";
import { GRAINS_AT_ONCE, packGrains } from "./packing.ts";

/** Grains of the raw disk to pack, by number; `GRAINS_AT_ONCE` at most. */
export interface GrainRun {
  first: number;
  count: number;
  /** `PACKED_ROOM` bytes that both threads see, so that none are allocated and copied for each run. */
  room: SharedArrayBuffer;
}

/**
 * A thread of `writeVmdk`: reads runs of grains from the raw disk that `workerData` names, and answers each with its
 * `PackedGrain[]`. The thread reads for itself, so that the raw bytes are in memory once.
 */
const file = openSync(String(workerData), "r");
const raw = new Uint8Array(GRAINS_AT_ONCE * GRAIN);

parentPort?.on("message", ({ first, count, room }: GrainRun) => {
  parentPort?.postMessage(packGrains(readGrains(first, count), first, Buffer.from(room)));
});

function readGrains(first: number, count: number): Uint8Array {
  const bytes = raw.subarray(0, count * GRAIN);
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, bytes.length - done, first * GRAIN + done);
    if (read === 0) throw new RangeError(`the raw disk ends before byte ${(first + count) * GRAIN}`);
    done += read;
  }
  return bytes;
}
