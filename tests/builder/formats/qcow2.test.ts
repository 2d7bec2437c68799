import { readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { readQcow2 } from "../../../builder/formats/qcow2/read.ts";
import { writeQcow2 } from "../../../builder/formats/qcow2/write.ts";
import { run } from "../../../builder/host/run.ts";
import { withFolder } from "../disk/kit.ts";
import { type Filling, MIB, optionsFor, writeRaw } from "./kit.ts";

test("a disk comes back, twice the same bytes", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(160).fill("noise").fill("hole", 9, 70));
    const outs = [join(folder, "a"), join(folder, "b")];
    for (const out of outs) {
      await writeQcow2(optionsFor(raw, out));
      await run("qemu-img", ["compare", "-q", "-f", "raw", "-F", "qcow2", raw, out]);
      const { diskSize, problems } = await readQcow2(out);
      t.deepEqual({ diskSize, problems }, { diskSize: 10 * MIB, problems: [] });
    }
    const [first, second] = await Promise.all(outs.map((out) => readFile(out)));
    t.true(first !== undefined && second !== undefined && first.equals(second));
  });
});

test("a broken file and one that needs another are found", async (t) => {
  await withFolder(async (folder) => {
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(32).fill("noise"));
    const out = join(folder, "disk.qcow2");
    await writeQcow2(optionsFor(raw, out));
    const child = join(folder, "child.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", out, "-F", "qcow2", child]);
    t.deepEqual((await readQcow2(child)).problems, ["qcow2: stands alone: it needs a backing file"]);
    await truncate(out, 100);
    t.is((await readQcow2(out)).problems.length, 1);
    t.is((await readQcow2(raw)).problems.length, 1);
  });
});
