import type { ByteSource } from "../../appliance/disk/bytes.ts";
import type { Progress } from "../pipeline/progress.ts";
import { type Check, problemsOf } from "./check.ts";

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

/** What a reader of a container found. */
export interface ContainerReading {
  /** The disk inside, unless the container is too broken to find it. */
  disk?: ByteSource;
  /** Everything that was looked at, in order. */
  checks: readonly Check[];
  /** The problems of all checks, each with the name of its check. */
  problems: readonly string[];
}

/** A reading with the problems of its checks. */
export function containerReading(checks: readonly Check[], disk?: ByteSource): ContainerReading {
  return { ...(disk === undefined ? {} : { disk }), checks, problems: problemsOf(checks) };
}

/** Raw disks come in whole MiB: Azure asks for it, and every grain and block size divides it. */
export const RAW_UNIT = 1024 * 1024;

/**
 * Bytes of the largest disk that a recipe can ask for, rounded up. A container that claims more is broken, and no
 * table is made for it.
 */
export const LARGEST_DISK = 2 ** 41;
