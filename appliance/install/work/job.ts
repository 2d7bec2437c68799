import type { DiskIds } from "../../disk/ids.ts";
import { type DiskLayout, diskLayout } from "../../disk/layout.ts";
import { PosternError } from "../../error.ts";
import type { Release } from "../../release.ts";
import type { System } from "../../system/system.ts";
import { isSectorSize } from "../inventory/choice.ts";
import { type Disk, partitionPath } from "../inventory/disk.ts";
import type { Firmware } from "../inventory/server.ts";
import type { Log } from "../log.ts";
import type { BootFacts } from "./facts.ts";

/** Told by the work: bytes of the step that are done, and how many there are. */
export type Tell = (done: number, total: number) => void;

/** One installation: what goes where. */
export interface Job {
  system: System;
  release: Release;
  log: Log;
  firmware: Firmware;
  disk: Disk;
  layout: DiskLayout;
  ids: DiskIds;
  facts: BootFacts;
  /** The node of a partition. */
  node(number: number): string;
  /** Milliseconds that the kernel may take to show new partitions. */
  patience: number;
  /** Folder with the verified tree. */
  tree: string;
  /** Folder where the new root is mounted. */
  target: string;
  /** Text of the settings that go in, and where they came from in words. */
  settings: { text: string; from: string } | undefined;
}

/** The same without what follows from it. */
export type JobOptions = Omit<Job, "layout" | "node">;

/** @throws PosternError `input.disk-size` */
export function jobOf(options: JobOptions): Job {
  const { path, size, sectorSize } = options.disk;
  if (!isSectorSize(sectorSize)) throw new RangeError(`sectors of ${sectorSize} bytes`);
  const layout = diskLayout(size, options.ids, sectorSize);
  return { ...options, layout, node: (number) => partitionPath(path, number) };
}

/** Milliseconds of one program: a worn disk or a busy controller takes its time. */
const PATIENCE = 30 * 60_000;

/** Runs a program of the work; what it was and what it said goes to the log. @throws PosternError `host.install` */
export async function must({ system, log }: Job, command: string, args: readonly string[]): Promise<string> {
  log(`$ ${[command, ...args].join(" ")}`);
  const { code, stdout, stderr } = await system.run(command, args, { timeout: PATIENCE });
  if (stderr.trim() !== "") log(stderr);
  if (code === 0) return stdout;
  throw new PosternError({
    code: "host.install",
    message: `${command} failed (${code}): ${stderr.trim().split("\n").slice(-3).join("; ").slice(0, 300)}`,
    hint: "Look at the disk and its controller, or take another disk.",
  });
}
