import { createHash } from "node:crypto";
import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import test from "ava";
import { verdictText } from "../../../builder/commands/verify.ts";
import { siblingOf } from "../../../builder/evidence/same.ts";
import { askReader } from "../../../builder/evidence/second/reader.ts";
import { SECOND_READERS } from "../../../builder/evidence/second/readers.ts";
import { type FileVerdict, verifyPath } from "../../../builder/evidence/verify.ts";
import { vsphereMachine } from "../../../builder/formats/ova/vsphere.ts";
import { type ArtifactReading, withArtifact } from "../../../builder/formats/read.ts";
import { FOOTER } from "../../../builder/formats/vhd/footer.ts";
import { findProbe } from "../../../builder/host/packages.ts";
import type { Format } from "../../../builder/recipe/recipe.ts";
import { memorySource, quiet, withFolder } from "../disk/kit.ts";
import { artifactIn, diskIn } from "../formats/artifacts.ts";

const NAME = "postern-1-debian-13-amd64";

function verify(path: string): Promise<FileVerdict[]> {
  return verifyPath(path, new AbortController().signal, quiet);
}

/** Names of the checks that were made, and of those that were left out. */
function names({ checks }: FileVerdict): { made: string[]; left: string[] } {
  const left = checks.filter(({ leftOut }) => leftOut !== undefined).map(({ name }) => name);
  return { made: checks.map(({ name }) => name).filter((name) => !left.includes(name)), left };
}

test("one image alone: everything in it is looked at, and what is not beside it is said", async (t) => {
  await withFolder(async (folder) => {
    const path = await artifactIn(folder, await diskIn(folder), "ova", vsphereMachine(17));
    const [verdict, ...more] = await verify(path);
    t.true(verdict !== undefined && more.length === 0);
    if (verdict === undefined) return;
    t.deepEqual(verdict.problems, []);
    const { made, left } = names(verdict);
    for (const start of ["OVA: digests", "OVF: ", "VMDK: one end-of-stream", "GPT: ", "qemu-img: "]) {
      t.true(
        made.some((name) => name.startsWith(start)),
        start,
      );
    }
    t.true(left.includes("SHA256SUMS") && left.includes("the record of its build"));
    // The OVA has digests of its own.
    t.false(left.includes("every byte of the disk"));
    const text = verdictText([verdict]);
    t.regex(text, /^ok {3}artifact\.ova {2}\S+ \w+\n/);
    t.regex(text, /^ {2}-- {3}SHA256SUMS: left out: none lies beside it$/m);
  });
});

test("a lone VHDX or VHD: that nothing proved its disk's bytes is said, until something does", async (t) => {
  await withFolder(async (folder) => {
    const raw = await diskIn(folder);
    const paths = [await artifactIn(folder, raw, "vhdx", undefined, NAME)];
    const [alone] = await verify(paths[0] ?? "");
    t.deepEqual(alone?.problems, []);
    t.true(alone !== undefined && names(alone).left.includes("every byte of the disk"));
    paths.push(await artifactIn(folder, raw, "ova", undefined, NAME));
    for (const path of paths) {
      const [verdict] = await verify(path);
      t.deepEqual(verdict?.problems, []);
      const compared = verdict?.checks.some(({ name }) => name.startsWith("qemu-img: the same disk as in"));
      t.true(compared, basename(path));
      t.true(verdict !== undefined && !names(verdict).left.includes("every byte of the disk"));
    }
  });
});

test("images of one build with different disks are found", async (t) => {
  await withFolder(async (folder) => {
    const raw = await diskIn(folder);
    await artifactIn(folder, raw, "ova", undefined, NAME);
    const vhd = await artifactIn(folder, raw, "vhd", undefined, NAME);
    const bytes = await readFile(vhd);
    bytes.fill("changed", 3 * 2 ** 20, 3 * 2 ** 20 + 7000);
    await writeFile(vhd, bytes);
    const verdicts = await verify(folder);
    const problems = verdicts.flatMap((one) => one.problems);
    t.deepEqual(problems, [`qemu-img: the same disk as in ${NAME}.vhd: the disks differ`]);
  });
});

test("all faults of a folder are told at once, also where SHA256SUMS or a record is broken", async (t) => {
  await withFolder(async (folder) => {
    const path = await artifactIn(folder, await diskIn(folder), "vhdx", undefined, NAME);
    const good = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    await copyFile(path, join(folder, "other.vhdx"));
    await truncate(join(folder, "other.vhdx"), 5 * 2 ** 20);
    await writeFile(join(folder, "SHA256SUMS"), `${good}  ${NAME}.vhdx\n${good}  gone.txt\n`);
    await writeFile(join(folder, `${NAME}.build.json`), "{}");
    const found = (await verify(folder)).map(({ file, problems }) => [file, problems.length > 0]);
    t.deepEqual(found, [
      [`${NAME}.build.json`, true],
      ["SHA256SUMS", false],
      ["gone.txt", true],
      ["other.vhdx", true],
      [`${NAME}.vhdx`, false],
    ]);
    await writeFile(join(folder, "SHA256SUMS"), "no sums\n");
    const again = await verify(folder);
    t.regex(again.find(({ file }) => file === "SHA256SUMS")?.problems.join() ?? "", /line 1/);
    t.deepEqual(again.find(({ file }) => file === `${NAME}.vhdx`)?.problems, []);
  });
});

test("an image is compared with the one of its own build that is read most easily", (t) => {
  const names = ["postern-1-a-amd64-vsphere.ova", "postern-1-a-amd64.ova", "postern-1-a-amd64.vhdx"];
  const [vsphere = "", ova = "", vhdx = ""] = names;
  const others = ["postern-2-a-amd64.raw", "postern-1-a-amd64.build.json", "postern-1-a-amd64-notes.txt"];
  const all = [...names, ...others];
  t.is(siblingOf(ova, all, true), vhdx);
  t.is(siblingOf(vsphere, all, false), vhdx);
  // Of a whole folder the first is compared with none, as the others are with it; alone it takes the next.
  t.is(siblingOf(vhdx, all, true), undefined);
  t.is(siblingOf(vhdx, all, false), vsphere);
  t.is(siblingOf("postern-2-a-amd64.raw", all, false), undefined);
  t.is(siblingOf("notes.txt", all, false), undefined);
});

test("a program that is not installed is left out, with how to get it", async (t) => {
  const [reader] = SECOND_READERS;
  if (reader === undefined) return t.fail();
  const source = memorySource(Buffer.alloc(512));
  const reading = { diskSize: 0, checks: [], problems: [] };
  const subject = {
    path: "x.ova",
    format: "ova",
    reading,
    source,
    signal: new AbortController().signal,
  } as const;
  const check = await askReader({ ...reader, command: "no-such-program", package: "some-package" }, subject);
  t.deepEqual(check.problems, []);
  t.regex(check.leftOut ?? "", /no-such-program is not installed \(.*apt-get install .*some-package\)/);
});

for (const reader of SECOND_READERS) {
  const { command, formats, name } = reader;
  for (const format of formats) {
    test(`${name}: it takes a good ${format}, and not one with a broken head`, async (t) => {
      if ((await findProbe(command)) === undefined) {
        t.log(`skipped: no ${command} on this host (package ${reader.package})`);
        return t.pass();
      }
      await withFolder(async (folder) => {
        const raw = await diskIn(folder);
        const path = await artifactIn(folder, raw, format);
        const signal = new AbortController().signal;
        await withArtifact(path, format, {}, async (reading) => {
          const whole = await readFile(path);
          const subject = { path, format, reading, source: memorySource(whole), signal };
          t.deepEqual(await askReader(reader, subject), { name, problems: [] });
          const start = headOf(command, format, reading.parts, whole.length);
          await writeFile(path, whole.fill(0xa5, start, start + 512));
          const disk = memorySource((await readFile(raw)).fill(0xa5, 0, 512));
          // What our own reader once found must not keep it from looking.
          const broken = { ...subject, reading: { ...reading, disk }, source: memorySource(whole) };
          t.true((await askReader(reader, broken)).problems.length > 0);
        });
      });
    });
  }
}

/** The volume descriptors of an ISO 9660 file system, in bytes. */
const VOLUME = 16 * 2048;

/** Where that begins which a program reads of the file: an OVF, a VMDK, the footer of a VHD, an ISO's volume, or the file itself. */
function headOf(command: string, format: Format, parts: ArtifactReading["parts"], size: number): number {
  if (command === "xmllint") return parts?.ovf.start ?? 0;
  if (format === "ova") return parts?.vmdk.start ?? 0;
  if (command === "xorriso") return VOLUME;
  return format === "vhd" ? size - FOOTER : 0;
}
