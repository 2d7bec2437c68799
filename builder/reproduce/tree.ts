/** A file of a tree, with everything about it that is part of the bytes of an image. */
export interface Node {
  kind: "file" | "directory" | "link" | "hard link" | "device" | "other";
  /** Permissions with the set-id and sticky bits. */
  mode: number;
  uid: number;
  gid: number;
  /** Seconds since 1970. */
  mtime: number;
  /** Bytes of a file; 0 for all else. */
  size: number;
  /** What a link points to, or a device's numbers; empty for all else. */
  target: string;
  /** SHA-256 of a file's content, hex; empty for all else. */
  sha256: string;
  /** Extended attributes and access lists by name, values as hex. */
  attributes: Readonly<Record<string, string>>;
}

/** The files of a tree by their path, without a first slash; the root itself is the empty path. */
export type Tree = ReadonlyMap<string, Node>;

/** A file that is not the same in two trees. */
export interface NodeDifference {
  path: string;
  /** In words: `content`, `mode 644, was 600`, ... */
  what: readonly string[];
}

/**
 * The files that differ between two trees, sorted by path (code unit). Nothing is left out.
 *
 * @param before of the first build.
 * @param after of the second one.
 */
export function compareTrees(before: Tree, after: Tree): NodeDifference[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const what = differencesOf(before.get(path), after.get(path));
    return what.length === 0 ? [] : [{ path, what }];
  });
}

function differencesOf(before: Node | undefined, after: Node | undefined): string[] {
  if (before === undefined || after === undefined) {
    return before === after ? [] : [before === undefined ? "is new" : "is missing"];
  }
  if (before.kind !== after.kind) return [`is a ${after.kind}, was a ${before.kind}`];
  const what: string[] = [];
  const compare = (name: string, was: string | number, is: string | number): void => {
    if (was !== is) what.push(`${name} ${is}, was ${was}`);
  };
  if (before.sha256 !== after.sha256) {
    what.push(before.size === after.size ? "content" : `content (${after.size} bytes, was ${before.size})`);
  }
  compare("points to", JSON.stringify(before.target), JSON.stringify(after.target));
  compare("mode", before.mode.toString(8), after.mode.toString(8));
  compare("owner", `${before.uid}:${before.gid}`, `${after.uid}:${after.gid}`);
  compare("time", before.mtime, after.mtime);
  for (const name of [...new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])]) {
    compare(name, before.attributes[name] ?? "(none)", after.attributes[name] ?? "(none)");
  }
  return what;
}
