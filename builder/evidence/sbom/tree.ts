import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { dirname, join } from "node:path/posix";
import { type TarMember, tarMembers } from "../../tar/members.ts";
import { DPKG_STATUS } from "./dpkg.ts";

/** What an SBOM is made from, of a root tree. */
export interface TreeContent {
  /** dpkg's list of what is installed. */
  status: string;
  /** A package's copyright file, links followed. */
  copyright(name: string): { path: string; text: string } | undefined;
  /** SHA-256 of the files that were asked for, hex, by path; a file that is not there is missing. */
  digests: ReadonlyMap<string, string>;
}

const DOC = "usr/share/doc";
const CHUNK = 1024 * 1024;
const MOST_LINKS = 8;
/** The longest in Debian 13 has 90 KB. */
const LARGEST_TEXT = 4 * 1024 * 1024;

/**
 * Reads a tree's tar once.
 *
 * @param files to be hashed, without a first slash.
 * @throws RangeError when the tar is broken or has no dpkg.
 */
export async function readTree(
  tar: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<TreeContent> {
  const texts = new Map<string, string>();
  const links = new Map<string, string>();
  const digests = new Map<string, string>();
  for await (const member of tarMembers(createReadStream(tar, { highWaterMark: CHUNK, signal }))) {
    const { path, type } = member.entry;
    const isDoc = path.startsWith(`${DOC}/`);
    if (type === "link" && isDoc) links.set(path, targetOf(member));
    if (type !== "file") continue;
    if (files.includes(path)) digests.set(path, await digestOf(member));
    else if (path === DPKG_STATUS || (isDoc && path.endsWith("/copyright"))) {
      texts.set(path, await textOf(member));
    }
  }
  const status = texts.get(DPKG_STATUS);
  if (status === undefined) throw new RangeError(`the tree has no ${DPKG_STATUS}`);
  return {
    status,
    digests,
    copyright(name) {
      const path = followed(`${DOC}/${name}/copyright`, links);
      const text = texts.get(path);
      return text === undefined ? undefined : { path, text };
    },
  };
}

/** A hard link names a path of the tree, a symbolic one is seen from where it lies. */
function targetOf({ entry, header }: TarMember): string {
  if (header.type === "1" || entry.linkName.startsWith("/")) return join("/", entry.linkName).slice(1);
  return join("/", dirname(entry.path), entry.linkName).slice(1);
}

/** A path without links, of its folders neither. */
export function followed(path: string, links: ReadonlyMap<string, string>): string {
  let now = path;
  for (let count = 0; count < MOST_LINKS; count++) {
    const link = [...links].find(([from]) => now === from || now.startsWith(`${from}/`));
    if (link === undefined) return now;
    now = link[1] + now.slice(link[0].length);
  }
  return path;
}

async function digestOf({ entry, content }: TarMember): Promise<string> {
  const hash = createHash("sha256");
  let left = entry.size;
  for await (const chunk of content()) {
    hash.update(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
  }
  return hash.digest("hex");
}

async function textOf({ entry, content }: TarMember): Promise<string> {
  if (entry.size > LARGEST_TEXT) throw new RangeError(`${entry.path} has ${entry.size} bytes`);
  const chunks = await Array.fromAsync(content());
  return Buffer.concat(chunks).subarray(0, entry.size).toString("utf8");
}
