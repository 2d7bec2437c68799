import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { isDead } from "../../../../builder/pipeline/cache/sweep.ts";
import { scratch } from "../../../kit/scratch.ts";

test("a folder that another build takes away meanwhile is none of ours", async (t) => {
  t.false(await isDead(join(await scratch(t), "gone", "owner")));
});

test("without a holder's name age tells: an old file's writer is dead, a young one's may be writing", async (t) => {
  const folder = join(await scratch(t), "entry");
  await mkdir(folder);
  const file = join(folder, "owner");
  await writeFile(file, "half a na");

  t.false(await isDead(file));
  await utimes(file, new Date(0), new Date(0));
  t.true(await isDead(file));
});
