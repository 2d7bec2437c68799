import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { publishFile } from "../../../builder/evidence/publish.ts";
import { withFolder } from "../disk/kit.ts";
import { hasHoles, MIB } from "../formats/kit.ts";

test("a file keeps its holes, and one without gets none", async (t) => {
  await withFolder(async (folder) => {
    for (const sparse of [true, false]) {
      const from = join(folder, `${sparse}`);
      const file = await open(from, "wx");
      // Zeros that are written take room; those that are not do not.
      if (sparse) await file.truncate(4 * MIB);
      else await file.write(Buffer.alloc(4 * MIB));
      await file.write(Buffer.from("end"), 0, 3, 4 * MIB);
      await file.sync();
      await file.close();
      const to = join(folder, `${sparse}.copy`);
      await publishFile(from, to, new AbortController().signal, () => {});
      t.is(await hasHoles(to), sparse);
      t.true((await readFile(to)).equals(await readFile(from)));
    }
  });
});
