import {
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { fileSource } from "../../../appliance/disk/bytes.ts";
import { readGpt } from "../../../appliance/disk/gpt-read.ts";
import { PosternError } from "../../../appliance/error.ts";
import { STEPS } from "../../../appliance/install/steps.ts";
import { install } from "../../../appliance/install/work/install.ts";
import type { Job } from "../../../appliance/install/work/job.ts";
import { realSystem } from "../../../appliance/system/node.ts";
import { hasTool } from "../kit/hastool.ts";
import { makeWorld } from "./world.ts";

const SILENT = { begin: () => {}, tell: () => {} };

/** Bytes of a file. */
function bytesAt(path: string, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(path, "r");
  readSync(file, bytes, 0, length, offset);
  closeSync(file);
  return bytes;
}

function bootCode({ disk }: Job): Buffer {
  return bytesAt(disk.path, 0, 4);
}

const NOT_BOOTABLE = Buffer.from([0xcd, 0x18, 0xeb, 0xfe]);

function isMissing(t: ExecutionContext, ...tools: string[]): boolean {
  const missing = tools.filter((tool) => !hasTool(tool));
  if (missing.length > 0) t.log(`skipped: this host has no ${missing.join(", ")}`);
  return missing.length > 0;
}

for (const sectorSize of [512, 4096] as const) {
  test(`a disk with sectors of ${sectorSize} bytes gets everything, and its readers agree`, async (t) => {
    if (isMissing(t, "mke2fs", "wipefs", "getcap", "blkid", "fsck.fat", "mdir")) return t.pass();
    const { job, ran, folder } = makeWorld(t, { sectorSize, isWhole: true });
    const begun: string[] = [];
    const told: [number, number][] = [];

    const notes = await install(job, {
      begin: (step) => begun.push(step),
      tell: (done, total) => told.push([done, total]),
    });

    t.deepEqual(notes, []);
    t.deepEqual(
      begun,
      STEPS.map(({ id }) => id),
    );
    t.true(told.every(([done, total]) => done <= total));
    const file = await open(job.disk.path);
    const { gpt, problems } = await readGpt(await fileSource(file), sectorSize);
    await file.close();
    t.deepEqual(problems, []);
    t.deepEqual(gpt?.partitions, job.layout.gpt.partitions);
    t.is(gpt?.disk, job.ids.disk);
    const system = realSystem();
    const label = async (number: number): Promise<string> =>
      (await system.run("blkid", ["-p", "-o", "export", job.node(number)])).stdout;
    t.regex(await label(3), new RegExp(`LABEL=postern-root\\n[^]*UUID=${job.ids.rootUuid}`));
    t.regex(await label(4), new RegExp(`LABEL=postern-log\\n[^]*UUID=${job.ids.logUuid}`));
    t.is((await system.run("e2fsck", ["-f", "-n", job.node(3)])).code, 0);

    const esp = join(folder, "esp");
    writeFileSync(esp, bytesAt(job.disk.path, job.layout.esp.offset, job.layout.esp.size));
    const checked = await system.run("fsck.fat", ["-n", esp]);
    t.is(checked.code, 0, checked.stdout);
    const listed = await system.run("mdir", ["-i", esp, "-/", "-b", "::"]);
    for (const name of [
      "EFI/BOOT/BOOTX64.EFI",
      "EFI/debian/shimx64.efi",
      "EFI/debian/grub.cfg",
      "EFI/postern/installed.json",
    ]) {
      t.true(listed.stdout.includes(`::/${name}\n`), listed.stdout + listed.stderr);
    }

    const target = (path: string): string => readFileSync(join(job.target, path), "utf8");
    t.regex(target("etc/fstab"), new RegExp(`UUID=${job.ids.rootUuid}\t/\t`));
    t.regex(target("boot/grub/grub.cfg"), new RegExp(`root=UUID=${job.ids.rootUuid} ro console=tty0 quiet`));
    t.is(target("usr/lib/postern/baked/settings.yaml"), "schema: 1\n");
    t.true(readdirSync(join(job.target, "var/log")).includes("postern-install.log"));
    if (sectorSize === 512) {
      const mbr = bytesAt(job.disk.path, 0, 512);
      t.is(mbr[0], 0x11);
      t.is(mbr.readBigUInt64LE(0x5c), 2048n);
      t.is(bytesAt(job.disk.path, job.layout.biosBoot.offset, 1)[0], 0x22);
    } else {
      t.deepEqual(bootCode(job), NOT_BOOTABLE, "BIOS cannot start from it");
    }
    t.true(
      ran.some(
        (line) =>
          line ===
          `efibootmgr --create --disk ${job.disk.path} --part 2 --label Postern --loader \\EFI\\debian\\shimx64.efi`,
      ),
    );
  });
}

test("sgdisk finds nothing wrong with the table", async (t) => {
  if (isMissing(t, "sgdisk", "wipefs", "getcap")) return t.pass();
  const { job } = makeWorld(t);
  await install(job, SILENT);
  const { stdout } = await realSystem().run("sgdisk", ["--verify", job.disk.path]);
  t.regex(stdout, /No problems found/);
});

test("what was on the disk is gone, at both ends", async (t) => {
  if (isMissing(t, "wipefs", "getcap")) return t.pass();
  const { job } = makeWorld(t);
  const noise = Buffer.alloc(1024 * 1024, 0x77);
  const file = await open(job.disk.path, "r+");
  for (const offset of [0, job.layout.esp.offset, job.layout.biosBoot.offset, job.disk.size - noise.length]) {
    await file.write(noise, 0, noise.length, offset);
  }
  await file.close();
  await install(job, SILENT);
  for (const [offset, length] of [
    [34 * 512, 1024 * 1024 - 34 * 512],
    [job.layout.biosBoot.offset + 32_768, 1024 * 1024 - 32_768],
    [job.disk.size - 1024 * 1024, 900_000],
  ] as const) {
    t.false(bytesAt(job.disk.path, offset, length).includes(0x77), `${offset}`);
  }
});

/** What a faulty disk would make of a file before it is read back. */
const SPOILT: readonly (readonly [string, RegExp, (path: string) => void])[] = [
  [
    "a byte",
    /usr\/bin\/tool: content/,
    (path) => {
      const bytes = readFileSync(path);
      bytes[2_500_000] = 5;
      const { mtime, atime } = { mtime: TIME, atime: TIME };
      writeFileSync(path, bytes);
      utimesSync(path, atime, mtime);
    },
  ],
  ["the end", /usr\/bin\/tool: \d+ bytes/, (path) => truncateSync(path, 100)],
  ["the mode", /usr\/bin\/tool: mode/, (path) => chmodSync(path, 0o700)],
  ["the time", /usr\/bin\/tool: another time/, (path) => utimesSync(path, 1, 1)],
];
const TIME = new Date("2026-01-01T00:00:00Z");

for (const [what, difference, spoil] of SPOILT) {
  test(`reading back notices ${what}, and then nothing starts`, async (t) => {
    if (isMissing(t, "wipefs", "getcap")) return t.pass();
    const { job, before } = makeWorld(t);
    utimesSync(join(job.tree, "usr/bin/tool"), TIME, TIME);
    before.set("mount -t ext4 -o ro", () => {
      before.clear();
      spoil(join(job.target, "usr/bin/tool"));
    });
    const error = await t.throwsAsync(install(job, SILENT), { instanceOf: PosternError });
    t.is(error?.code, "artifact.install");
    t.regex(error?.message ?? "", difference);
    t.regex(error?.message ?? "", /is erased and starts nothing/);
    t.deepEqual(bootCode(job), NOT_BOOTABLE);
    t.true(bytesAt(job.disk.path, job.layout.esp.offset, 4096).every((byte) => byte === 0));
  });
}

test("a file that is missing, and a settings file that changed, are noticed", async (t) => {
  if (isMissing(t, "wipefs", "getcap")) return t.pass();
  const { job, before } = makeWorld(t);
  before.set("mount -t ext4 -o ro", () => {
    before.clear();
    writeFileSync(join(job.target, "usr/lib/postern/baked/settings.yaml"), "schema: 2\n");
  });
  const error = await t.throwsAsync(install(job, SILENT), { instanceOf: PosternError });
  t.regex(error?.message ?? "", /baked\/settings\.yaml: content/);
});

for (const [line, message] of [
  ["wipefs", /^Erase what was there: wipefs failed/],
  ["blockdev --rereadpt", /^Write the partition table: blockdev failed/],
  ["mke2fs", /^Make the file systems: mke2fs failed/],
  ["mount -t ext4 -o rw", /^Copy the system: mount failed/],
  ["cp", /^Copy the system: cp failed \(1\): no space/],
  ["umount", /umount failed/],
  ["blockdev --flushbufs", /^Write the boot loaders: blockdev failed/],
] as const) {
  test(`${line} fails: said in words, and nothing on the disk starts`, async (t) => {
    if (isMissing(t, "wipefs", "getcap")) return t.pass();
    const { job, answers } = makeWorld(t);
    answers.set(line, { code: 1, stderr: "no space\n" });
    const error = await t.throwsAsync(install(job, SILENT), { instanceOf: PosternError });
    t.is(error?.code, "host.install");
    t.regex(error?.message ?? "", message);
    t.deepEqual(bootCode(job), NOT_BOOTABLE);
    t.true(bytesAt(job.disk.path, job.layout.esp.offset, 512).every((byte) => byte === 0));
  });
}

test("a firmware that takes no entry is told and does not matter", async (t) => {
  if (isMissing(t, "wipefs", "getcap")) return t.pass();
  const { job, answers } = makeWorld(t);
  answers.set("efibootmgr --create", {
    code: 5,
    stderr: "Could not prepare Boot variable: No space left on device\n",
  });
  const notes = await install(job, SILENT);
  t.regex(notes.join(), /No space left on device.*starts by the disk's own loader/);
});

test("the firmware's older entries with our name go, others stay", async (t) => {
  if (isMissing(t, "wipefs", "getcap")) return t.pass();
  const { job, answers, ran } = makeWorld(t);
  const list =
    "BootCurrent: 0001\nBootOrder: 0001,0003,000A\nBoot0001* UEFI PXE\tPciRoot(0x0)\nBoot0003* Postern\tHD(2,GPT)\nBoot000A  Postern\tHD(2,GPT)\nBoot000B* Postern spare\tHD(2,GPT)\n";
  answers.set("efibootmgr --create", {});
  answers.set("efibootmgr --bootnum", {});
  answers.set("efibootmgr", { stdout: list });
  await install(job, SILENT);
  t.deepEqual(
    ran.filter((line) => line.includes("--delete")),
    ["efibootmgr --bootnum 0003 --delete-bootnum", "efibootmgr --bootnum 000A --delete-bootnum"],
  );
});
