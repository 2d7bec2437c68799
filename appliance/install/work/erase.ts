import { type FileHandle, open } from "node:fs/promises";
import { writeExactly } from "../../disk/bytes.ts";
import { gptBytes } from "../../disk/gpt.ts";
import { MIB, PARTITION } from "../../disk/layout.ts";
import { PosternError } from "../../error.ts";
import { until } from "../../system/until.ts";
import { type Job, must } from "./job.ts";

/** The MBR's boot code ends where the disk signature begins. */
const BOOT_CODE = 0x1b8;
/** INT 18h: the BIOS tries the next device; then the machine stays. */
const NOT_BOOTABLE = Buffer.from([0xcd, 0x18, 0xeb, 0xfe]);

/**
 * Takes the marks of what was there before: signatures of old partitions and of the disk, and its first and
 * last MiB. A RAID or LVM mark at the end of a partition would else come back to life.
 */
export async function erase(job: Job): Promise<void> {
  const { path, size, parts } = job.disk;
  for (const part of parts) {
    if (part.path !== path) await must(job, "wipefs", ["--all", "--force", "--quiet", "--", part.path]);
  }
  await must(job, "wipefs", ["--all", "--force", "--quiet", "--", path]);
  await withDevice(path, async (file) => {
    const zeros = Buffer.alloc(MIB);
    await writeExactly(file, 0, zeros);
    await writeExactly(file, size - MIB, zeros);
  });
}

/** Writes the partition table. Nothing on the disk can be started yet. */
export async function partition(job: Job): Promise<void> {
  const { disk, layout, log } = job;
  const { start, end, endOffset } = gptBytes(layout.gpt);
  log(
    `partitions: ${layout.gpt.partitions.map(({ name, first, last }) => `${name} ${first}-${last}`).join(", ")}`,
  );
  await withDevice(disk.path, async (file) => {
    await writeExactly(file, 0, withoutBoot(start));
    await writeExactly(file, endOffset, end);
    // An old boot sector at the same place would be taken for the new one.
    for (const { offset } of [layout.biosBoot, layout.esp])
      await writeExactly(file, offset, Buffer.alloc(MIB));
  });
  await reread(job);
  await nodesOf(job);
}

/** Makes the disk one that no firmware starts from. Never throws: it is called when something failed already. */
export async function unboot({ disk, layout, log }: Job): Promise<void> {
  try {
    await withDevice(disk.path, async (file) => {
      await writeExactly(file, 0, withoutBoot(Buffer.alloc(BOOT_CODE)).subarray(0, BOOT_CODE));
      await writeExactly(file, layout.esp.offset, Buffer.alloc(4096));
    });
    log("the disk starts nothing");
  } catch (error) {
    log(`the boot loaders could not be taken away: ${String(error)}`);
  }
}

/** Opens a disk or partition, works, flushes, closes. */
export async function withDevice<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r+");
  try {
    const result = await work(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}

function withoutBoot(start: Buffer): Buffer {
  const bytes = Buffer.from(start);
  NOT_BOOTABLE.copy(bytes, 0);
  return bytes;
}

/** udev looks at a disk whenever somebody has written to it, and the kernel refuses as long as it looks. */
async function reread(job: Job): Promise<void> {
  const { system, disk, log } = job;
  const settle = () => system.run("udevadm", ["settle", "--timeout=30"]);
  const { code, stderr } = await until(
    async () => {
      await settle();
      return system.run("blockdev", ["--rereadpt", disk.path]);
    },
    (ran) => ran.code === 0,
    { timeout: job.patience },
  );
  log(`blockdev --rereadpt ${disk.path}: ${code} ${stderr}`);
  await settle();
  if (code === 0) return;
  throw new PosternError({
    code: "host.install",
    message: `blockdev failed (${code}): ${stderr.trim()}`,
    hint: "Something holds the disk's old partitions. Start the server again from the medium.",
  });
}

/** The kernel has read the table when the last partition has its node and its size. */
async function nodesOf(job: Job): Promise<void> {
  const { layout, node } = job;
  const wanted = [
    [node(PARTITION.esp), layout.esp.size],
    [node(PARTITION.root), layout.root.size],
    [node(PARTITION.log), layout.log.size],
  ] as const;
  const missing = await until(
    async () => {
      for (const [path, size] of wanted) if ((await sizeOf(job, path)) !== size) return path;
      return undefined;
    },
    (path) => path === undefined,
    { timeout: job.patience },
  );
  if (missing === undefined) return;
  throw new PosternError({
    code: "host.install",
    message: `The kernel does not show the new partition ${missing}.`,
    hint: "Start the server again from the medium: something still holds the old partitions.",
  });
}

async function sizeOf({ system }: Job, path: string): Promise<number> {
  const { code, stdout } = await system.run("blockdev", ["--getsize64", path]);
  return code === 0 ? Number(stdout) : 0;
}
