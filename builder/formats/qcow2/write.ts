import { rm } from "node:fs/promises";
import { run } from "../../host/run.ts";
import type { FormatOptions } from "../format.ts";
import { rawSize } from "../raw.ts";

export type Qcow2Options = Pick<FormatOptions, "raw" | "out" | "progress" | "signal">;

/** zstd needs QEMU 5.1 on the importing side, which every supported Proxmox and libvirt host has. */
const CREATE = "compression_type=zstd,compat=1.1,cluster_size=65536";

/**
 * Writes a compressed qcow2 by qemu-img, in order (no `-W`), so that the same qemu-img gives the same bytes.
 *
 * @throws PosternError `artifact.raw`, `artifact.qcow2`
 */
export async function writeQcow2({ raw, out, signal }: Qcow2Options): Promise<void> {
  await rawSize(raw);
  const args = ["convert", "-q", "-c", "-f", "raw", "-O", "qcow2", "-o", CREATE, raw, out];
  try {
    await run("qemu-img", args, { signal, code: "artifact.qcow2" });
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  }
}
