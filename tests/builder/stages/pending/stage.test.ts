import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import test, { type ExecutionContext } from "ava";
import { pack } from "tar-stream";
import { PosternError } from "../../../../builder/error.ts";
import type { StageContext } from "../../../../builder/pipeline/stage.ts";
import { installedStage } from "../../../../builder/stages/pending/stage.ts";
import { scratch } from "../../../kit/scratch.ts";

async function taken(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
  const out = await scratch(t);
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  tar.finalize();
  await pipeline(tar, createWriteStream(join(out, "root.tar")));
  const context: Pick<StageContext, "out" | "input" | "signal"> = {
    out,
    input: (_stage, file) => join(out, file),
    signal: new AbortController().signal,
  };
  await installedStage({}).run(context as StageContext);
  return out;
}

test("what is installed and from where leaves the tree byte for byte", async (t) => {
  const status = `Package: a\nStatus: install ok installed\nDescription: ${"ä".repeat(700)}\n`;
  const out = await taken(t, {
    "./etc/apt/sources.list": "deb x\n",
    "./etc/x": "no",
    "./var/lib/dpkg/status": status,
  });
  t.is(await readFile(join(out, "status"), "utf8"), status);
  t.is(await readFile(join(out, "sources.list"), "utf8"), "deb x\n");
});

test("a tree without a list of its own leaves an empty one; without dpkg's database it is no tree", async (t) => {
  const out = await taken(t, { "./var/lib/dpkg/status": "Package: a\n" });
  t.is(await readFile(join(out, "sources.list"), "utf8"), "");
  const error = await t.throwsAsync(taken(t, { "./etc/x": "" }), { instanceOf: PosternError });
  t.is(error?.code, "artifact.unsealed");
});
