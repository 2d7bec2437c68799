import { createHash } from "node:crypto";
import type { ByteSource } from "../../appliance/disk/bytes.ts";
import { type Ext4Node, FORMAT, readExt4 } from "../disk/ext4/read.ts";
import type { Node, Tree } from "./tree.ts";

const KINDS: Readonly<Record<number, Node["kind"]>> = {
  [FORMAT.file]: "file",
  [FORMAT.directory]: "directory",
  [FORMAT.link]: "link",
  8192: "device",
  24576: "device",
};
const PERMISSIONS = 0o7777;

/** The files of an ext4 partition. A second name of a file is told as a file, too. */
export async function treeOfExt4(system: ByteSource, signal: AbortSignal): Promise<Tree> {
  const tree = new Map<string, Node>();
  for await (const node of readExt4(system)) {
    signal.throwIfAborted();
    tree.set(node.path, await nodeOf(node));
  }
  return tree;
}

async function nodeOf(node: Ext4Node): Promise<Node> {
  const kind = KINDS[node.mode & FORMAT.mask] ?? "other";
  return {
    kind,
    mode: node.mode & PERMISSIONS,
    uid: node.uid,
    gid: node.gid,
    mtime: node.mtime,
    size: kind === "file" ? node.size : 0,
    target: kind === "link" ? await textOf(node) : node.device,
    sha256: kind === "file" ? await sha256Of(node) : "",
    attributes: Object.fromEntries(
      [...node.attributes].map(([name, value]) => [name, value.toString("hex")]),
    ),
  };
}

async function textOf({ content }: Ext4Node): Promise<string> {
  return Buffer.concat(await Array.fromAsync(content())).toString("utf8");
}

async function sha256Of({ content }: Ext4Node): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of content()) hash.update(bytes);
  return hash.digest("hex");
}
