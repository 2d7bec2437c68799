import { PosternError } from "../../error.ts";
import type { System } from "../../system/system.ts";
import { type Judged, judge } from "./choice.ts";
import type { Disk } from "./disk.ts";
import { disksIn, LSBLK_ARGUMENTS } from "./lsblk.ts";
import { readServer, type Server } from "./server.ts";

export interface Inventory {
  server: Server;
  disks: readonly Judged[];
}

const PATIENCE = 60_000;
/** Seconds that devices may take to settle. */
const SETTLE = 20;

/**
 * Looks at the server and its disks.
 *
 * @param medium device of the installation medium.
 * @throws PosternError `host.disks` when the disks cannot be listed.
 */
export async function takeInventory(system: System, medium: string | undefined): Promise<Inventory> {
  await system
    .run("udevadm", ["settle", `--timeout=${SETTLE}`], { timeout: 2 * SETTLE * 1000 })
    .catch(() => {});
  const [server, { code, stdout, stderr }] = await Promise.all([
    readServer(system.paths),
    system.run("lsblk", LSBLK_ARGUMENTS, { timeout: PATIENCE }),
  ]);
  if (code !== 0) {
    throw new PosternError({
      code: "host.disks",
      message: `The disks cannot be listed: ${stderr.trim().slice(0, 200)}`,
      hint: "Start the server again. If it stays, look at its disk controller.",
    });
  }
  const disks = disksIn(stdout);
  return { server, disks: judge(disks, { medium, firmware: server.firmware }) };
}

/** The partitions of a disk with this name in its table. */
export function partsNamed({ parts }: Disk, name: string): string[] {
  return parts.filter((part) => part.name === name).map(({ path }) => path);
}
