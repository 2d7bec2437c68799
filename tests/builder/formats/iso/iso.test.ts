import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { isoMenu } from "../../../../builder/formats/iso/menu.ts";
import { readIso } from "../../../../builder/formats/iso/read/check.ts";
import { openMedium } from "../../../../builder/formats/iso/read/open.ts";
import { checkArtifact } from "../../../../builder/formats/read.ts";
import { run } from "../../../../builder/host/run.ts";
import { scratch } from "../../../kit/scratch.ts";
import { changed, ID, sampleIso } from "./kit.ts";

const SECTOR = 512;
const BLOCK = 2048;

async function report(iso: string): Promise<string> {
  const args = ["-indev", iso, "-report_el_torito", "plain", "-report_system_area", "plain"];
  return (await run("xorriso", args)).stdout;
}

test("a medium is read back, and nothing is left beside it", async (t) => {
  const folder = await scratch(t);
  const iso = await sampleIso(folder);
  t.deepEqual(await checkArtifact(iso, "iso"), { diskSize: 0, problems: [] });
  t.deepEqual((await readdir(folder)).sort(), ["esp.img", "parts", "sample.iso", "work"]);
});

test("the same parts give the same bytes, in another folder", async (t) => {
  const [one, two] = await Promise.all(
    [scratch(t), scratch(t)].map(async (folder) => sampleIso(await folder)),
  );
  t.true((await readFile(one ?? "")).equals(await readFile(two ?? "")));
});

test("xorriso finds both ways to start, and GRUB in the first sector", async (t) => {
  const text = await report(await sampleIso(await scratch(t)));
  t.regex(text, /El Torito boot img : +1 +BIOS +y +none/);
  t.regex(text, /El Torito boot img : +2 +UEFI +y +none/);
  t.regex(text, /El Torito img opts : +1 +boot-info-table grub2-boot-info/);
  t.regex(text, /System area summary: MBR protective-msdos-label grub2-mbr cyl-align-off GPT/);
  t.regex(
    text,
    /MBR partition +: +2 +0x80 +0x00/,
    "some BIOSes start no disk without a partition that is marked",
  );
});

test("sgdisk finds nothing wrong with its partition table, mtools reads its EFI system partition", async (t) => {
  const iso = await sampleIso(await scratch(t));
  const { stdout } = await run("sgdisk", ["-v", iso]);
  t.regex(stdout, /No problems found/);
  const medium = await openMedium(changed(await readFile(iso), () => {}));
  const listed = await run("mdir", ["-b", "-/", "-i", `${iso}@@${medium.catalog.uefi.offset}`, "::"]);
  t.regex(listed.stdout, /BOOTX64\.EFI/);
});

test("SHA256SUMS is right for sha256sum, which never saw our reader", async (t) => {
  const folder = await scratch(t);
  const iso = await sampleIso(folder);
  const out = join(folder, "out");
  await run("xorriso", ["-osirrox", "on", "-indev", iso, "-extract", "/", out]);
  const { stdout } = await run("sha256sum", ["--check", "SHA256SUMS"], { cwd: out });
  t.regex(stdout, /^postern\/tree\.squashfs: OK$/m);
  t.regex(stdout, new RegExp(`^postern/${ID}: OK$`, "m"));
});

test("grub-script-check reads the menu; nobody edits an entry; a slow line is announced", async (t) => {
  const menu = isoMenu({
    ...{ version: "1.0.0", id: ID, sha256: "a".repeat(64), initrdSize: 36_000_000 },
    kernelArguments: ["console=ttyS0,115200n8", "quiet"],
  });
  await t.notThrowsAsync(run("grub-script-check", [], { input: menu }));
  t.regex(menu, /^set superusers=""$/m);
  t.is(menu.match(/menuentry /g)?.length, menu.match(/menuentry .* --unrestricted /g)?.length);
  t.regex(menu, /^set timeout=(5|\d\d)$/m);
  t.regex(menu, /Loading 35 MiB more/);
  t.regex(
    menu,
    new RegExp(`boot=postern postern.medium=${ID} postern.sha256=a{64} .*quiet postern.check=1$`, "m"),
  );
});

for (const word of ["quiet; reboot", "a'b", "$prefix", ""]) {
  test(`no kernel argument: ${JSON.stringify(word)}`, (t) => {
    const options = { version: "1.0.0", id: ID, sha256: "a", initrdSize: 1, kernelArguments: [word] };
    t.throws(() => isoMenu(options), { code: "input.kernel-argument" });
  });
}

test("what matters cannot change unseen", async (t) => {
  const bytes = await readFile(await sampleIso(await scratch(t)));
  const { volume, catalog, esp } = await openMedium(changed(bytes, () => {}));
  const first = (path: string) => volume.files.get(path) ?? { offset: 0, size: 0 };
  const places: [string, number, number][] = [
    ["GRUB's first sector", 0, 440],
    ["the mark 55 AA", 510, 2],
    ["the GPT's header", SECTOR, 92],
    ["the partition entries", 2 * SECTOR, 128],
    ["the second GPT", bytes.length - SECTOR, 92],
    ["the boot record's place of the catalogue", 17 * BLOCK + 71, 4],
    ["the catalogue", volume.bootCatalog, 4 * 32 - 20],
    ["the EFI system partition", catalog.uefi.offset, esp.size],
    ...[...volume.files].map(([path, { offset, size }]): [string, number, number] => [path, offset, size]),
  ];
  const filled = places.filter(([name, , size]) => size > 0 && name !== "boot.catalog");
  t.true(first("postern/tree.squashfs").size > 0);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...filled),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.nat(7),
      async ([name, start, size], at, bit) => {
        const place = start + Math.floor(at * size);
        const medium = changed(bytes, (copy) => copy.writeUInt8(copy.readUInt8(place) ^ (1 << bit), place));
        const { problems } = await readIso(medium);
        t.true(problems.length > 0, `${name}, byte ${place - start}, bit ${bit}`);
      },
    ),
    { numRuns: 150 },
  );
});

test("whatever changes, the reader ends and does not crash", async (t) => {
  const bytes = await readFile(await sampleIso(await scratch(t)));
  const head = 400 * BLOCK;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(head), fc.nat(255)), { minLength: 1, maxLength: 40 }),
      async (changes) => {
        const medium = changed(bytes, (copy) => {
          for (const [at, value] of changes) copy.writeUInt8(value, at);
        });
        await t.notThrowsAsync(readIso(medium));
      },
    ),
    { numRuns: 100 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
      const { problems } = await readIso(changed(bytes.subarray(0, length), () => {}));
      t.true(problems.length > 0, `cut to ${length} bytes`);
    }),
    { numRuns: 50 },
  );
});
