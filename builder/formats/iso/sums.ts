/** Path on the medium to SHA-256, hex. */
export type VolumeSums = ReadonlyMap<string, string>;

const LINE = /^([0-9a-f]{64}) {2}([^\\]+)$/;

/** The text that `sha256sum --check SHA256SUMS` takes in the medium's root, sorted by path (code unit). */
export function volumeSumsText(sums: VolumeSums): string {
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, hash]) => `${hash}  ${path}\n`)
    .join("");
}

/** @returns undefined for a text that is not ours to the last line. */
export function parseVolumeSums(text: string): VolumeSums | undefined {
  const sums = new Map<string, string>();
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const [, hash, path] = LINE.exec(line) ?? [];
    if (hash === undefined || path === undefined) return undefined;
    sums.set(path, hash);
  }
  // A line twice, in another order or with other blanks is no text of ours.
  return volumeSumsText(sums) === text ? sums : undefined;
}
