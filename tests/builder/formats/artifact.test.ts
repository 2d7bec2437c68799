import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { ENDINGS } from "../../../builder/formats/names.ts";
import { checkArtifact } from "../../../builder/formats/read.ts";
import { WRITERS } from "../../../builder/formats/write.ts";
import { DISK_FORMATS, FORMATS } from "../../../builder/recipe/recipe.ts";
import { withFolder } from "../disk/kit.ts";
import { artifactIn, diskIn } from "./artifacts.ts";
import { type Filling, MIB, optionsFor, writeRaw } from "./kit.ts";

for (const format of DISK_FORMATS) {
  test(`${format}: written, checked, and only the artifact is left`, async (t) => {
    await withFolder(async (folder) => {
      const raw = await diskIn(folder);
      const out = await artifactIn(folder, raw, format);
      t.deepEqual(await checkArtifact(out, format), { diskSize: 24 * MIB, problems: [] });
      t.deepEqual((await readdir(folder)).sort(), [`artifact${ENDINGS[format]}`, "disk.raw"]);
    });
  });
}

for (const format of FORMATS) {
  test(`${format}: garbage gives problems, never a crash`, async (t) => {
    await withFolder(async (folder) => {
      const path = join(folder, "garbage");
      const heads = fc.constantFrom("", "vhdxfile", "KDMV", "QFI\xfb", "conectix", "PK\x03\x04");
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
