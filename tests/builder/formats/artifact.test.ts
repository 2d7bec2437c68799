import { open, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { writeExactly } from "../../../appliance/disk/bytes.ts";
import { gptBytes } from "../../../appliance/disk/gpt.ts";
import { derivedUuid } from "../../../appliance/disk/ids.ts";
import { portableMachine } from "../../../builder/formats/ova/machine.ts";
import { writeOva } from "../../../builder/formats/ova/write.ts";
import { checkArtifact } from "../../../builder/formats/read.ts";
import { writeVmdk } from "../../../builder/formats/vmdk/write.ts";
import { WRITERS } from "../../../builder/formats/write.ts";
import { DISK_FORMATS, FORMATS } from "../../../builder/recipe/recipe.ts";
import { withFolder } from "../disk/kit.ts";
import { type Filling, MIB, optionsFor, writeRaw } from "./kit.ts";

/** A disk of 24 MiB with a partition table. */
async function diskIn(folder: string): Promise<string> {
  const raw = await writeRaw(folder, "disk.raw", Array<Filling>(384).fill("hole").fill("noise", 20, 60));
  const id = (purpose: string): string => derivedUuid("artifact", purpose);
  const partitions = [{ type: id("type"), id: id("one"), name: "one", first: 2048, last: 8191 }];
  const table = gptBytes({ disk: id("disk"), sectorSize: 512, sectors: (24 * MIB) / 512, partitions });
  const file = await open(raw, "r+");
  await writeExactly(file, 0, table.start);
  await writeExactly(file, table.endOffset, table.end);
  await file.close();
  return raw;
}

for (const format of DISK_FORMATS) {
  test(`${format}: written, checked, and only the artifact is left`, async (t) => {
    await withFolder(async (folder) => {
      const raw = await diskIn(folder);
      const out = join(folder, `postern.${format}`);
      const vmdk = join(folder, "disk.vmdk");
      const options = optionsFor(raw, out);
      if (format === "ova") {
        const product = { name: "Postern", vendor: "Postern", version: "1", distribution: "ubuntu" } as const;
        await writeVmdk({ ...options, out: vmdk });
        await writeOva({ ...options, vmdk, machine: portableMachine(13, 2, 2048), product });
        await rm(vmdk);
      } else await WRITERS[format](options);
      t.deepEqual(await checkArtifact(out, format), { diskSize: 24 * MIB, problems: [] });
      t.deepEqual((await readdir(folder)).sort(), ["disk.raw", `postern.${format}`]);
    });
  });
}

for (const format of FORMATS) {
  test(`${format}: garbage gives problems, never a crash`, async (t) => {
    await withFolder(async (folder) => {
      const path = join(folder, "garbage");
      const heads = fc.constantFrom("", "vhdxfile", "KDMV", "QFI\xfb", "conectix");
      await fc.assert(
        fc.asyncProperty(
          heads,
          fc.uint8Array({ maxLength: 3000 }),
          fc.constantFrom(0, 512, 5 * MIB),
          async (head, body, more) => {
            await writeFile(path, Buffer.concat([Buffer.from(head, "latin1"), body, Buffer.alloc(more)]));
            const { problems } = await checkArtifact(path, format);
            t.true(problems.length > 0);
          },
        ),
        { numRuns: format === "qcow2" ? 10 : 40 },
      );
    });
  });
}

test("a container that is whole around a disk that is not is found", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(384).fill("text"));
    const out = join(folder, "disk.vhd");
    await WRITERS.vhd(optionsFor(raw, out));
    const { problems } = await checkArtifact(out, "vhd");
    t.true(problems.some((text) => text.startsWith("GPT: ")));
  });
});
