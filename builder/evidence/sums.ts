import { PosternError } from "../error.ts";

/** File name (no folder) to SHA-256, hex. */
export type Sums = ReadonlyMap<string, string>;

export const SUMS_FILE = "SHA256SUMS";

// The text form of sha256sum(1): hex, blank, blank or `*`, name. A name with a folder in it could lead out
// of the folder that is checked, and an escaped one (a leading backslash) is none that we write.
const LINE = /^([0-9a-f]{64}) [ *]([^/\\\n]+)$/;

/** @throws PosternError `artifact.sums` for a line that is not one. */
export function parseSums(text: string, file: string): Sums {
  const sums = new Map<string, string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const [, hash, name] = LINE.exec(line) ?? [];
    if (hash === undefined || name === undefined || name === "." || name === ".." || sums.has(name)) {
      throw new PosternError({
        code: "artifact.sums",
        message: `${file}, line ${index + 1}: expected "<sha256>  <file>", each file once; got ${JSON.stringify(line.slice(0, 100))}`,
        hint: "Fetch the file again, or build again: ./postern build.",
      });
    }
    sums.set(name, hash);
  }
  return sums;
}

/** The text for `sha256sum --check`, sorted by name (code unit). */
export function sumsText(sums: Sums): string {
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hash]) => `${hash}  ${name}\n`)
    .join("");
}
