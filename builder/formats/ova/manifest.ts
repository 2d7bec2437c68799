/** SHA-256 of a member, by its name. */
export type Digests = ReadonlyMap<string, string>;

/**
 * The manifest as VMware's importers parse it: no space before the bracket, one before the digest. Neither
 * `sha256sum --tag` nor `openssl dgst` writes it so.
 */
export function manifestText(digests: Digests): string {
  return [...digests].map(([name, digest]) => `SHA256(${name})= ${digest}\n`).join("");
}

/** The digests of a manifest, or the lines that are not exactly as above. */
export function readManifest(text: string): { digests: Digests; problems: string[] } {
  const digests = new Map<string, string>();
  const problems: string[] = [];
  if (!text.endsWith("\n")) problems.push("no line break at its end");
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const [, name, digest] = /^SHA256\(([^()/]+)\)= ([0-9a-f]{64})$/.exec(line) ?? [];
    if (name === undefined || digest === undefined)
      problems.push(`not a line of a manifest: ${JSON.stringify(line)}`);
    else if (digests.has(name)) problems.push(`${name} is there twice`);
    else digests.set(name, digest);
  }
  return { digests, problems };
}
