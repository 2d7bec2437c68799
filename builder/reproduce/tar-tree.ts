import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type TarMember, tarMembers } from "../tar/members.ts";
import type { Node, Tree } from "./tree.ts";

const CHUNK = 1024 * 1024;

/** @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 */
const KINDS: Readonly<Record<string, Node["kind"]>> = {
  "0": "file",
  "\0": "file",
  "1": "hard link",
  "2": "link",
  "3": "device",
  "4": "device",
  "5": "directory",
};

/** Records that say what the header cannot; all others (attributes, access lists) are facts of their own. */
const OF_THE_HEADER = new Set(["path", "linkpath", "size", "mtime", "uid", "gid"]);

/** The files of a root tree that a stage left as a tar. */
export async function treeOfTar(file: string, signal: AbortSignal): Promise<Tree> {
  const tree = new Map<string, Node>();
  const source = createReadStream(file, { highWaterMark: CHUNK, signal });
  for await (const member of tarMembers(source)) tree.set(member.entry.path, await nodeOf(member));
  source.destroy();
  return tree;
}

async function nodeOf({ entry, header, pax, content }: TarMember): Promise<Node> {
  const kind = KINDS[header.type] ?? "other";
  const number = (name: string, value: number): number => Number(pax.get(name)?.toString("latin1") ?? value);
  return {
    kind,
    mode: header.mode,
    uid: number("uid", header.uid),
    gid: number("gid", header.gid),
    mtime: entry.mtime,
    size: kind === "file" ? entry.size : 0,
    target: kind === "device" ? header.device : entry.linkName,
    sha256: kind === "file" ? await sha256Of(content(), entry.size) : "",
    attributes: Object.fromEntries(
      [...pax]
        .filter(([name]) => !OF_THE_HEADER.has(name))
        .map(([name, value]) => [name, value.toString("hex")]),
    ),
  };
}

async function sha256Of(blocks: AsyncIterable<Buffer>, size: number): Promise<string> {
  const hash = createHash("sha256");
  let left = size;
  for await (const chunk of blocks) {
    hash.update(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
  }
  return hash.digest("hex");
}
