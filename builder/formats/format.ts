import type { ByteSource } from "../../appliance/disk/bytes.ts";
import type { Progress } from "../pipeline/progress.ts";

/** What every writer gets. It writes only to `out`, which must not exist, and to `work`. */
export interface FormatOptions {
  /** Raw disk: whole MiB, sparse or not. */
  raw: string;
  out: string;
  /** Name of the artifact without its extension; names inside the container derive from it. */
  name: string;
  /** Ids inside the container derive from it. */
  seed: string;
  /** Seconds since 1970. */
  epoch: number;
  progress: Progress;
  signal: AbortSignal;
  /** Compressor threads to keep busy. */
  jobs: number;
}

/** What a reader of a container found: the disk inside, unless the container is too broken, and every problem. */
export interface ContainerReading {
  disk?: ByteSource;
  problems: string[];
}

/** Raw disks come in whole MiB: Azure asks for it, and every grain and block size divides it. */
export const RAW_UNIT = 1024 * 1024;
