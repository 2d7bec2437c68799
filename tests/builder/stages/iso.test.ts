import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import test, { type ExecutionContext } from "ava";
import { pack } from "tar-stream";
import { openMedium, textOf } from "../../../builder/formats/iso/read/open.ts";
import { checkArtifact } from "../../../builder/formats/read.ts";
import { run } from "../../../builder/host/run.ts";
import type { Stage } from "../../../builder/pipeline/stage.ts";
import { loadBase } from "../../../builder/recipe/base.ts";
import { isoStage } from "../../../builder/stages/iso/stage.ts";
import { squashfsStage } from "../../../builder/stages/squashfs/stage.ts";
import { scratch } from "../../kit/scratch.ts";
import { EPOCH, quiet } from "../disk/kit.ts";
import { changed } from "../formats/iso/kit.ts";

const CAPABILITY = Buffer.from("0100000200200000000000000000000000000000", "hex");

/** A sealed tree as small as it may be: what the medium starts with, and an entry of each kind. */
async function sealedTree(file: string): Promise<void> {
  const archive = pack();
  const common = { mtime: new Date(EPOCH * 1000), uid: 0, gid: 0, mode: 0o644 };
  const folder = (name: string): void => {
    archive.entry({ ...common, name, type: "directory", mode: 0o755 });
  };
  const put = (name: string, bytes: Buffer, more: object = {}): void => {
    archive.entry({ ...common, name, ...more }, bytes);
  };
  const grub = Buffer.alloc(40_000, "grub");
  grub.writeUInt16LE(0xaa55, 510);
  folder("./");
  folder("./boot/");
  for (const name of ["vmlinuz-6.1", "initrd.img-6.1", "memtest86+x64.bin", "memtest86+x64.efi"]) {
    put(`./boot/${name}`, Buffer.alloc(9000, name));
  }
  folder("./usr/lib/grub/x86_64-efi-signed/");
  put("./usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed", Buffer.alloc(5000, "gcd"));
  folder("./usr/lib/postern/");
  put("./usr/lib/postern/boot/boot_hybrid.img", grub.subarray(0, 512));
  put("./usr/lib/postern/boot/eltorito.img", grub);
  folder("./usr/lib/shim/");
  put("./usr/lib/shim/shimx64.efi.signed", Buffer.alloc(5000, "shim"));
  put("./usr/lib/shim/mmx64.efi.signed", Buffer.alloc(5000, "mok"));
  put("./usr/bin/of-somebody", Buffer.from("x"), { uid: 13, gid: 14, mode: 0o4750 });
  put("./usr/bin/capable", Buffer.from("y"), {
    mode: 0o755,
    pax: { "SCHILY.xattr.security.capability": CAPABILITY.toString("latin1") },
  });
  archive.entry({ ...common, name: "./usr/bin/twin", type: "link", linkname: "./usr/bin/of-somebody" });
  archive.entry({ ...common, name: "./usr/bin/link", type: "symlink", linkname: "capable", mode: 0o777 });
  archive.entry({
    ...common,
    name: "./null",
    type: "character-device",
    devmajor: 1,
    devminor: 3,
    mode: 0o666,
  });
  archive.finalize();
  await pipeline(archive, createWriteStream(file));
}

/** Runs the stages in order, each in a folder of its own. */
async function runStages(root: string, stages: readonly Stage[]): Promise<void> {
  for (const stage of stages) {
    const [out, work] = [join(root, stage.id), join(root, `${stage.id}.work`)];
    await mkdir(out);
    await mkdir(work);
    await stage.run({
      ...{ out, work, progress: quiet, jobs: 2, debug: false },
      input: (id, file) => join(root, id, file),
      signal: new AbortController().signal,
    });
  }
}

async function built(t: ExecutionContext): Promise<string> {
  const root = await scratch(t);
  await mkdir(join(root, "seal"));
  await sealedTree(join(root, "seal/root.tar"));
  const base = await loadBase("debian-13");
  const iso = isoStage({
    base,
    version: "1.2.3",
    seed: "s",
    epoch: EPOCH,
    kernelArgs: ["quiet"],
    inputs: {},
  });
  await runStages(root, [squashfsStage(EPOCH, {}), iso]);
  return root;
}

test("the packed tree has every entry with its owner, mode and kind", async (t) => {
  const root = await built(t);
  const { stdout } = await run("unsquashfs", ["-lln", join(root, "squashfs/tree.squashfs")]);
  const lines = stdout.split("\n").map((line) => line.replace(/ +/g, " "));
  const of = (path: string): string => lines.find((line) => line.includes(`squashfs-root${path}`)) ?? "";
  t.regex(of("/usr/bin/of-somebody"), /^-rwsr-x--- 13\/14 1 /);
  t.regex(of("/usr/bin/twin"), /^-rwsr-x--- 13\/14 1 /);
  t.regex(of("/usr/bin/link"), /-> capable$/);
  t.regex(of("/null"), /^crw-rw-rw- 0\/0 1, 3 /);
  t.regex(lines.find((line) => line.endsWith("squashfs-root")) ?? "", /^drwxr-xr-x 0\/0 /);
});

test("a file's capability is kept", async (t) => {
  if (process.getuid?.() !== 0) {
    t.log("skipped: only root may set a capability to see it");
    t.pass();
    return;
  }
  const root = await built(t);
  const out = join(root, "unpacked");
  await run("unsquashfs", ["-quiet", "-no-progress", "-d", out, join(root, "squashfs/tree.squashfs")]);
  const args = [
    "--create",
    "--file=-",
    "--format=pax",
    "--xattrs",
    "--xattrs-include=*",
    "-C",
    out,
    "usr/bin/capable",
  ];
  t.true((await run("tar", args)).stdout.includes("SCHILY.xattr.security.capability"));
});

test("the medium is whole, says what it carries, and comes out the same again", async (t) => {
  const [one, two] = [await built(t), await built(t)];
  const iso = join(one, "iso/disk.iso");
  t.deepEqual((await checkArtifact(iso, "iso")).problems, []);
  const bytes = await readFile(iso);
  t.true(bytes.equals(await readFile(join(two, "iso/disk.iso"))));
  const { source, volume, facts } = await openMedium(changed(bytes, () => {}));
  t.is(facts.version, "1.2.3");
  t.is(facts.base, "debian-13");
  t.is(volume.files.get("postern/tree.squashfs")?.size, facts.size);
  t.true(facts.unpacked > 60_000 && facts.unpacked < 250_000, `${facts.unpacked} bytes`);
  t.regex(await textOf(source, volume, "boot/grub/grub.cfg"), / quiet postern\.check=1$/m);
  for (const path of ["postern/memtest.bin", "postern/memtest.efi", "EFI/BOOT/grubx64.efi", ".disk/info"]) {
    t.true(volume.files.has(path), path);
  }
});
