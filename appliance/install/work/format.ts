import { BYTES_PER_INODE, ext4Arguments, RESERVED_PERCENT } from "../../disk/ext4.ts";
import { PARTITION } from "../../disk/layout.ts";
import { type Job, must } from "./job.ts";

/** More files than these no log has; without a limit a disk of 8 TB would get 30 GB of inode tables. */
const MOST_LOG_INODES = 2 ** 22;

/** Makes the two file systems of the system; the boot loaders' own comes last. */
export async function format(job: Job): Promise<void> {
  const { ids, node } = job;
  await must(job, "mke2fs", rootArguments(node(PARTITION.root), ids.rootUuid, ids.rootHashSeed));
  await must(job, "mke2fs", logArguments(node(PARTITION.log), job.layout.log.size, ids));
}

export function rootArguments(device: string, uuid: string, hashSeed: string): string[] {
  const settings = {
    label: "postern-root",
    uuid,
    bytesPerInode: BYTES_PER_INODE.root,
    reserved: RESERVED_PERCENT,
  };
  const extended = [`hash_seed=${hashSeed}`, "lazy_itable_init=0", "lazy_journal_init=0"];
  return [...ext4Arguments(settings, extended), device];
}

/** The kernel lays the rest of its tables while the machine runs: on a large disk that is minutes of writing. */
export function logArguments(
  device: string,
  size: number,
  { logUuid, logHashSeed }: { logUuid: string; logHashSeed: string },
): string[] {
  const settings = {
    label: "postern-log",
    uuid: logUuid,
    bytesPerInode: Math.max(BYTES_PER_INODE.log, 2 ** Math.ceil(Math.log2(size / MOST_LOG_INODES))),
    reserved: RESERVED_PERCENT,
  };
  return [...ext4Arguments(settings, [`hash_seed=${logHashSeed}`, "lazy_itable_init=1"]), device];
}
