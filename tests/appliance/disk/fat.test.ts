import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { fatTime } from "../../../appliance/disk/fat/directory.ts";
import { fatGeometry } from "../../../appliance/disk/fat/geometry.ts";
import { fatNames, shortChecksum } from "../../../appliance/disk/fat/names.ts";
import {
  type FatFile,
  type FatOptions,
  fatExtents,
  fatSizeFor,
  writeFat,
} from "../../../appliance/disk/fat/write.ts";
import { PosternError } from "../../../builder/error.ts";
import { run } from "../../../builder/host/run.ts";
import { EPOCH, folderIn, withFolder } from "../../builder/disk/kit.ts";

const MIB = 1024 * 1024;
const OPTIONS: FatOptions = { size: 4 * MIB, label: "CIDATA", serial: 0x1a2b3c4d, epoch: EPOCH };

/** Every file in an image, as mtools reads it. */
async function filesIn(image: string, folder: string): Promise<Record<string, Buffer>> {
  const out = await folderIn(folder, `out-${(await readdir(folder)).length}`);
  await run("mcopy", ["-s", "-Q", "-i", image, "::", out]);
  const files: Record<string, Buffer> = {};
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(out.length + 1)] = await readFile(path);
  }
  return files;
}

function asRecord(files: readonly FatFile[]): Record<string, Buffer> {
  return Object.fromEntries(files.map(({ path, bytes }) => [path, Buffer.from(bytes)]));
}

const letters = fc.constantFrom(..."abcXYZ019 .-_~+,;=[](){}'!#$%&@^éüЖ漢");
const name = fc
  .array(letters, { minLength: 1, maxLength: 40 })
  .map((parts) =>
    parts
      .join("")
      .replace(/^[ .]+/, "")
      .replace(/[ .]+$/, ""),
  )
  .filter((text) => text !== "");
const content = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.nat({ max: 70_000 }).map((n) => new Uint8Array(n).fill(n)),
);
const fileSets = fc
  .uniqueArray(fc.tuple(fc.array(name, { maxLength: 2 }), name, content), {
    maxLength: 25,
    // A folder and a file with the same name would be refused.
    selector: ([folders, last]) => [...folders, last].join("/").toUpperCase(),
  })
  .map((list) => {
    // Folders begin with d and files with f, so that they never meet; their case is one.
    return list.map(([folders, last, bytes]): FatFile => {
      const path = [...folders.map((folder) => `d${folder.toLowerCase()}`), `f${last.toLowerCase()}`].join(
        "/",
      );
      return { path, bytes };
    });
  });

test("any set of files comes back through mtools, and fsck.fat finds nothing", async (t) => {
  await withFolder(async (folder) => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fileSets, fc.constantFrom(0, 3 * MIB, 20 * MIB, 70 * MIB), async (files, more) => {
        const image = join(folder, `${number++}.fat`);
        const size = fatSizeFor(files) + more;
        await writeFat(image, files, { ...OPTIONS, size, ...(more > 50 * MIB ? { type: 32 } : {}) });
        await run("fsck.fat", ["-n", image]);
        t.deepEqual(await filesIn(image, folder), asRecord(files));
      }),
      { numRuns: 25 },
    );
  });
});

test("the order of the list does not matter", (t) => {
  fc.assert(
    fc.property(fileSets, (files) => {
      const options = { ...OPTIONS, size: fatSizeFor(files) };
      t.deepEqual(fatExtents([...files].reverse(), options), fatExtents(files, options));
    }),
  );
});

test("label, serial and times are those asked for", async (t) => {
  await withFolder(async (folder) => {
    const image = join(folder, "seed.fat");
    await writeFat(image, [{ path: "user-data", bytes: Buffer.from("x") }], OPTIONS);
    const { stdout } = await run("blkid", ["-p", "-o", "export", image]);
    t.regex(stdout, /^LABEL=CIDATA$/m);
    t.regex(stdout, /^UUID=1A2B-3C4D$/m);
    t.regex((await run("mdir", ["-i", image, "::"])).stdout, /2026-01-01\s+0:00/);
  });
});

test("the type goes by the size, and sectors of 4 KiB work", async (t) => {
  await withFolder(async (folder) => {
    const table = [
      { size: 2 * MIB, sectorSize: 512, type: 12 },
      { size: 15 * MIB, sectorSize: 512, type: 12 },
      { size: 64 * MIB, sectorSize: 512, type: 16 },
      { size: 4096 * MIB, sectorSize: 512, type: 32 },
      { size: 512 * MIB, sectorSize: 4096, type: 16 },
    ] as const;
    for (const { size, sectorSize, type } of table) {
      t.is(fatGeometry(size, sectorSize).type, type);
      const image = join(folder, `${size}-${sectorSize}.fat`);
      await writeFat(image, [{ path: "EFI/BOOT/a", bytes: Buffer.from("x") }], {
        ...OPTIONS,
        size,
        sectorSize,
      });
      await run("fsck.fat", ["-n", image]);
    }
  });
});

test("the ESP's 128 MiB are FAT32, and 32 MiB cannot be", (t) => {
  t.is(fatGeometry(128 * MIB, 512, 32).clusterSectors, 2);
  t.throws(() => fatGeometry(32 * MIB, 512, 32), { instanceOf: PosternError, message: /no FAT32/ });
});

test("files that do not fit are refused before anything is written", async (t) => {
  await withFolder(async (folder) => {
    const image = join(folder, "full.fat");
    const files = [{ path: "big", bytes: Buffer.alloc(4 * MIB) }];
    const error = await t.throwsAsync(writeFat(image, files, OPTIONS), { instanceOf: PosternError });
    t.is(error?.code, "artifact.fat-full");
    t.deepEqual(await readdir(folder), []);
    const many = Array.from({ length: 600 }, (_, index) => ({ path: `f${index}`, bytes: Buffer.alloc(0) }));
    t.is(t.throws(() => fatExtents(many, OPTIONS), { instanceOf: PosternError })?.code, "artifact.fat-full");
  });
});

test("an image that is there already is not written over", async (t) => {
  await withFolder(async (folder) => {
    const image = join(folder, "there.fat");
    await writeFile(image, "precious");
    await t.throwsAsync(writeFat(image, [], OPTIONS), { code: "EEXIST" });
    t.is(await readFile(image, "utf8"), "precious");
  });
});

test("names FAT cannot hold are refused", (t) => {
  for (const path of [
    "",
    "a//b",
    "../x",
    "a/./b",
    "a:b",
    "x.",
    "x ",
    "a\nb",
    "a\u0000",
    "x".repeat(256),
    "\ud800",
  ]) {
    const error = t.throws(() => fatExtents([{ path, bytes: Buffer.alloc(0) }], OPTIONS), {
      instanceOf: PosternError,
    });
    t.is(error?.code, "artifact.fat-name", JSON.stringify(path));
  }
  for (const pair of [
    ["a", "A"],
    ["x", "x/y"],
    ["same", "same"],
  ]) {
    const files = pair.map((path) => ({ path, bytes: Buffer.alloc(1) }));
    t.is(t.throws(() => fatExtents(files, OPTIONS), { instanceOf: PosternError })?.code, "artifact.fat-name");
  }
});

test("short names are unique, and a short name is never taken from the one it belongs to", (t) => {
  const shorts = (names: string[]): string[] => fatNames(names).map(({ short }) => short);
  t.deepEqual(shorts(["BOOTX64.EFI", "grubx64.efi"]), ["BOOTX64 EFI", "GRUBX64 EFI"]);
  t.deepEqual(shorts(["long file name.txt", "long file two.txt"]), ["LONGFI~1TXT", "LONGFI~2TXT"]);
  t.deepEqual(shorts(["long file.txt", "LONGFI~1.TXT"]), ["LONGFI~2TXT", "LONGFI~1TXT"]);
  t.deepEqual(shorts([".hidden", "a.b.c"]), ["HIDDEN     ", "AB~1    C  "]);
  fc.assert(
    fc.property(fc.uniqueArray(name, { selector: (text) => text.toUpperCase() }), (names) => {
      const all = shorts(names);
      t.is(new Set(all).size, names.length);
      t.true(all.every((short) => short.length === 11));
    }),
  );
});

test("the checksum of a short name stays a byte", (t) => {
  // Computed by hand for one byte after the other: rotate right, add.
  t.is(shortChecksum("           "), 0xf7);
  t.true(shortChecksum("GRUBX64 EFI") < 256);
});

test("times before 1980 and after 2107 are clamped", (t) => {
  t.deepEqual(fatTime(0), { date: (1 << 5) | 1, time: 0, hundredths: 0 });
  t.is(fatTime(1e12).date >> 9, 127);
  t.is(fatTime(EPOCH + 3).hundredths, 100);
});
