import { randomFillSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ByteSource } from "../../../../appliance/disk/bytes.ts";
import { writeFat } from "../../../../appliance/disk/fat/write.ts";
import { isoMenu } from "../../../../builder/formats/iso/menu.ts";
import { sha256Bytes } from "../../../../builder/formats/iso/patched.ts";
import { ISO_PATHS } from "../../../../builder/formats/iso/paths.ts";
import { writeIso } from "../../../../builder/formats/iso/write.ts";
import type { IsoFile } from "../../../../builder/formats/iso/xorriso.ts";
import { EPOCH } from "../../disk/kit.ts";

export const ID = "0123456789abcdef0123456789abcdef";
export const MIB = 1024 * 1024;
const VERSION = "1.2.3";

/** Something that looks like a squashfs where the reader looks. */
function squashfs(): Buffer {
  const bytes = Buffer.alloc(3 * MIB + 4096);
  bytes.fill("a tree ");
  bytes.write("hsqs", 0, "latin1");
  bytes.writeBigUInt64LE(BigInt(bytes.length), 40);
  return bytes;
}

/** A boot sector and an image of GRUB's size; what stands in them is nobody's concern here. */
function grubPart(size: number): Buffer {
  const bytes = Buffer.alloc(size, "grub");
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}

/** A medium of small parts, made as the build makes one. Returns its path. */
export async function sampleIso(folder: string): Promise<string> {
  const parts = join(folder, "parts");
  const lay = async (path: string, bytes: string | Uint8Array): Promise<IsoFile> => {
    const source = join(parts, path);
    await mkdir(dirname(source), { recursive: true });
    await writeFile(source, bytes);
    return { path, source };
  };
  const tree = squashfs();
  const menu = isoMenu({
    ...{ version: VERSION, id: ID, sha256: sha256Bytes(tree), initrdSize: 40 * MIB },
    kernelArguments: ["console=ttyS0,115200n8", "console=tty0"],
  });
  const loaders = [{ path: "EFI/BOOT/BOOTX64.EFI", bytes: Buffer.alloc(300_000, "shim") }];
  const esp = join(folder, "esp.img");
  await writeFat(esp, loaders, { size: 2 * MIB, label: "POSTERN_EFI", serial: 7, epoch: EPOCH });
  const out = join(folder, "sample.iso");
  await writeIso({
    out,
    work: join(folder, "work"),
    files: [
      await lay(ISO_PATHS.info, "Postern\n"),
      await lay(ISO_PATHS.menu, menu),
      await lay("EFI/BOOT/BOOTX64.EFI", loaders[0]?.bytes ?? ""),
      await lay(ISO_PATHS.kernel, Buffer.alloc(100_000, "kernel")),
      await lay(ISO_PATHS.initrd, Buffer.alloc(200_000, "initrd")),
      await lay(ISO_PATHS.squashfs, tree),
    ],
    facts: {
      ...{ size: tree.length, sha256: sha256Bytes(tree), unpacked: 8 * MIB },
      ...{ version: VERSION, base: "debian-13", epoch: EPOCH, id: ID },
    },
    esp,
    mbr: grubPart(512),
    // What tells where it lies may be filled in already, as in an image from a medium.
    eltorito: randomFillSync(grubPart(40_000), 8, 56),
    signal: new AbortController().signal,
  });
  return out;
}

/** A medium in memory, with bytes of it changed. */
export function changed(source: Buffer, change: (bytes: Buffer) => void): ByteSource {
  const bytes = Buffer.from(source);
  change(bytes);
  return {
    size: bytes.length,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new RangeError("past the end");
      return Buffer.from(bytes.subarray(offset, offset + length));
    },
  };
}
