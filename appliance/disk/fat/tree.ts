import { PosternError } from "../../error.ts";
import { ENTRY_BYTES, entryCount } from "./directory.ts";
import { type FatName, fatNames } from "./names.ts";

/** A file to put on a FAT file system. Folders on its path are made. */
export interface FatFile {
  /** `EFI/BOOT/BOOTX64.EFI`: relative, with `/`. */
  path: string;
  bytes: Uint8Array;
}

export interface FileNode {
  name: FatName;
  bytes: Uint8Array;
}

export interface FolderNode {
  name?: FatName;
  folders: FolderNode[];
  files: FileNode[];
  /** Bytes of its entries. */
  size: number;
}

/** A directory of FAT can hold 65536 entries of 32 bytes. */
const LARGEST_DIRECTORY = 65536 * ENTRY_BYTES;
const LARGEST_FILE = 0xffffffff;

interface Folder {
  folders: Map<string, Folder>;
  files: Map<string, Uint8Array>;
}

/**
 * The folders and files of a list, sorted by name, with their FAT names.
 *
 * @throws PosternError `artifact.fat-name`, `artifact.fat-size`
 */
export function fatTree(files: readonly FatFile[]): FolderNode {
  const root: Folder = { folders: new Map(), files: new Map() };
  for (const { path, bytes } of files) {
    if (bytes.length > LARGEST_FILE) throw tooLarge(path);
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    let folder = root;
    for (const part of parts) {
      const next: Folder = folder.folders.get(part) ?? { folders: new Map(), files: new Map() };
      folder.folders.set(part, next);
      folder = next;
    }
    if (folder.files.has(name)) throw twice(path);
    folder.files.set(name, bytes);
  }
  return nodeOf(root);
}

function nodeOf(folder: Folder, name?: FatName): FolderNode {
  // Named together and in one order, so that short names do not hang on the order of the list.
  const names = fatNames([...folder.folders.keys(), ...folder.files.keys()].sort(byCodeUnit));
  // The root has the label's entry, any other folder `.` and `..`.
  let size = (name === undefined ? 1 : 2) * ENTRY_BYTES;
  const node: FolderNode = { ...(name === undefined ? {} : { name }), folders: [], files: [], size: 0 };
  for (const one of names) {
    size += entryCount(one) * ENTRY_BYTES;
    const child = folder.folders.get(one.name);
    const bytes = folder.files.get(one.name);
    if (child !== undefined) node.folders.push(nodeOf(child, one));
    if (bytes !== undefined) node.files.push({ name: one, bytes });
  }
  if (size > LARGEST_DIRECTORY) throw tooLarge(name?.name ?? "/");
  node.size = size;
  return node;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function tooLarge(path: string): PosternError {
  return new PosternError({
    code: "artifact.fat-size",
    message: `${path} is too large for FAT`,
    hint: "Split it, or put it on another file system.",
  });
}

function twice(path: string): PosternError {
  return new PosternError({
    code: "artifact.fat-name",
    message: `${path} is there twice`,
    hint: "Name each file once.",
  });
}
