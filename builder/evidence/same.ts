import { join } from "node:path";
import { PosternError } from "../error.ts";
import { type Check, check } from "../formats/check.ts";
import { formatOfName } from "../formats/names.ts";
import type { Format } from "../recipe/recipe.ts";
import { isSameDisk, qemuImage } from "./second/qemuimg.ts";

/** A build's raw disk first, as it needs no container to be read; then what is read fastest. */
const KINDS: readonly Format[] = ["raw", "vhd", "vhdx", "qcow2", "ova"];
/** What all images of one build begin with; what follows is the format, or for whom. */
export const BUILD = /^(.+-amd64)[.-]/;

/**
 * The image beside one whose disk should equal its own: of the same build, and the one that is read most easily.
 *
 * @param names of all files in the folder
 * @param whole where each file of the folder has its turn: then none for the first, with which all others are compared
 */
export function siblingOf(name: string, names: readonly string[], whole: boolean): string | undefined {
  const build = BUILD.exec(name)?.[1];
  if (build === undefined || rankOf(name) === -1) return undefined;
  const [first, second] = names
    .filter((one) => BUILD.exec(one)?.[1] === build && rankOf(one) >= 0)
    .sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
  if (first !== name) return first;
  return whole ? undefined : second;
}

/** Of the files of one build the image whose disk our own code reads most easily. */
export function readableDisk(names: readonly string[]): string | undefined {
  const readable = names.filter((name) => rankOf(name) >= 0 && formatOfName(name) !== "qcow2");
  return readable.sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))[0];
}

export interface SameDiskCall {
  folder: string;
  name: string;
  names: readonly string[];
  whole: boolean;
  signal: AbortSignal;
}

/**
 * Compares the disk in an image with that in another image of its build, byte for byte by qemu-img.
 *
 * @returns nothing where there is no other one
 */
export async function sameDiskChecks({ folder, name, names, whole, signal }: SameDiskCall): Promise<Check[]> {
  const other = siblingOf(name, names, whole);
  if (other === undefined) return [];
  const title = `qemu-img: the same disk as in ${other}`;
  try {
    const own = await qemuImage(join(folder, name), formatOfName(name));
    const others = await qemuImage(join(folder, other), formatOfName(other));
    if (own === undefined || others === undefined) return [check(title, ["one of them holds no disk"])];
    const same = await isSameDisk(own, others, signal);
    return [check(title, same ? [] : ["the disks differ"])];
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PosternError) return [check(title, [error.message])];
    throw error;
  }
}

function rankOf(name: string): number {
  const format = formatOfName(name);
  return format === undefined ? -1 : KINDS.indexOf(format);
}
