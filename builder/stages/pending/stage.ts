import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../../error.ts";
import type { Stage } from "../../pipeline/stage.ts";
import { tarMembers } from "../../tar/members.ts";

const CHUNK = 1024 * 1024;

/** Files of the sealed tree that say what is installed and from where. */
const STATUS = { path: "var/lib/dpkg/status", file: "status" } as const;
/** There only where the base names no mirror; mmdebstrap wrote it. */
const SOURCES = { path: "etc/apt/sources.list", file: "sources.list" } as const;

/** The stage that takes them out of the tree, so that an archive can be asked without reading all of it again. */
export const INSTALLED = { stage: "installed", status: STATUS.file, sources: SOURCES.file } as const;

/** What is installed in the tree that ships, as dpkg has it. */
export function installedStage(inputs: Readonly<Record<string, string>>): Stage {
  return {
    id: INSTALLED.stage,
    title: "what is installed in the sealed tree",
    needs: ["seal"],
    inputs,
    outputs: [STATUS.file, SOURCES.file],
    run: async ({ input, out, signal }) => {
      const tree = createReadStream(input("seal", "root.tar"), { highWaterMark: CHUNK, signal });
      const texts = await textsOf(tree);
      if (texts.get(STATUS.path) === undefined) throw noStatus();
      for (const { path, file } of [STATUS, SOURCES]) await writeFile(join(out, file), texts.get(path) ?? "");
    },
  };
}

async function textsOf(tree: AsyncIterable<Buffer>): Promise<Map<string, Buffer>> {
  const texts = new Map<string, Buffer>();
  for await (const { entry, content } of tarMembers(tree)) {
    if (entry.path !== STATUS.path && entry.path !== SOURCES.path) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of content()) chunks.push(chunk);
    texts.set(entry.path, Buffer.concat(chunks).subarray(0, entry.size));
  }
  return texts;
}

function noStatus(): PosternError {
  return new PosternError({
    code: "artifact.unsealed",
    message: `the sealed tree has no ${STATUS.path}`,
    hint: "An overlay took dpkg's database away; put it back.",
  });
}
