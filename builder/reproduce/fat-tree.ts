import { createHash } from "node:crypto";
import type { ByteSource } from "../../appliance/disk/bytes.ts";
import { type FatNode, readFat } from "../disk/fat/read.ts";
import type { Node, Tree } from "./tree.ts";

/** The files of a FAT partition; its attributes stand as the mode, for it knows no owners. */
export async function treeOfFat(volume: ByteSource): Promise<Tree> {
  return new Map((await readFat(volume)).map((node) => [node.path, nodeOf(node)]));
}

function nodeOf({ isDirectory, flags, modified, bytes }: FatNode): Node {
  return {
    kind: isDirectory ? "directory" : "file",
    mode: flags,
    uid: 0,
    gid: 0,
    mtime: secondsOf(modified),
    size: bytes.length,
    target: "",
    sha256: isDirectory ? "" : createHash("sha256").update(bytes).digest("hex"),
    attributes: {},
  };
}

/** FAT's date (upper 16 bits) and time, two seconds fine, as seconds since 1970. */
function secondsOf(modified: number): number {
  const [date, time] = [Math.floor(modified / 65536), modified % 65536];
  const day = Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31);
  return day / 1000 + (time >> 11) * 3600 + ((time >> 5) & 63) * 60 + (time & 31) * 2;
}
