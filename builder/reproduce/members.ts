import type { ByteSource } from "../../appliance/disk/bytes.ts";
import { fileOf } from "../formats/iso/read/directory.ts";
import { readVolume } from "../formats/iso/read/volume.ts";
import { readMembers } from "../formats/ova/tar-read.ts";
import { contentSource } from "../formats/zip/content.ts";
import { readZipDirectory } from "../formats/zip/directory.ts";
import type { Format } from "../recipe/recipe.ts";
import { firstDifference } from "./bytes.ts";

/** A file in a container. */
interface Member {
  name: string;
  content: ByteSource;
}

/** How the files in a container are found; a format that is not here holds nothing but a disk. */
const MEMBERS: Readonly<Partial<Record<Format, (file: ByteSource) => Promise<Member[]>>>> = {
  ova: async (file) => (await readMembers(file)).members,
  hyperv: async (file) =>
    (await readZipDirectory(file)).map((entry) => ({ name: entry.name, content: contentSource(entry) })),
  async iso(file) {
    const { files } = await readVolume(file);
    return [...files].map(([name, place]) => ({ name, content: fileOf(file, place) }));
  },
};

/** The files of two containers that differ, each with the first byte that does; none where a format has no files. */
export async function differentMembers(
  format: Format | undefined,
  was: ByteSource,
  is: ByteSource,
  signal: AbortSignal,
): Promise<string[]> {
  const read = format === undefined ? undefined : MEMBERS[format];
  if (read === undefined) return [];
  const [before, after] = await Promise.all([read(was), read(is)]);
  const names = (members: readonly Member[]): string => members.map(({ name }) => name).join(", ");
  if (names(before) !== names(after)) return [`it holds ${names(after)}, was ${names(before)}`];
  const found: string[] = [];
  for (const [index, { name, content }] of before.entries()) {
    const other = after[index];
    const at = other === undefined ? 0 : await firstDifference(content, other.content, signal);
    if (at !== undefined) found.push(`${name}, byte ${at}`);
  }
  return found;
}
