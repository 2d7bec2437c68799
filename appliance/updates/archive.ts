import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { APT_MIRROR } from "../paths.ts";
import { HEADER } from "../rendered.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";

/** One of apt's lists as the image came with it. */
export interface SourceFile {
  /** Absolute, as the machine sees it. */
  path: string;
  content: string;
}

const FOLDER = "/etc/apt/sources.list.d";

/** The image's own lists of its archive, kept aside when it was made; none on a machine that has none aside. */
export async function shippedSources({ paths }: System): Promise<SourceFile[]> {
  const names = (await readdir(join(paths.shippedSources, FOLDER)).catch(() => [])).sort();
  const candidates = ["/etc/apt/sources.list", ...names.map((name) => `${FOLDER}/${name}`)];
  const texts = await Promise.all(candidates.map((path) => readIfThere(join(paths.shippedSources, path))));
  return candidates.flatMap((path, index) => {
    const content = texts[index];
    return content === undefined ? [] : [{ path, content }];
  });
}

/**
 * apt's lists for a mirror: the shipped ones have to go, and one takes their place that differs from them in
 * nothing but where it asks. Without a mirror the shipped ones are there again.
 */
export function sourceFiles(
  shipped: readonly SourceFile[],
  mirror: string | undefined,
): { path: string; content: string | undefined }[] {
  const isMirrored = mirror !== undefined && shipped.length > 0;
  const own = shipped.map(({ path, content }) => ({ path, content: isMirrored ? undefined : content }));
  return [...own, { path: APT_MIRROR, content: isMirrored ? mirrorText(shipped, mirror) : undefined }];
}

function mirrorText(shipped: readonly SourceFile[], mirror: string): string {
  const stanzas = shipped.flatMap(({ path, content }) =>
    path.endsWith(".sources") ? deb822(content) : oneLine(content),
  );
  return HEADER + stanzas.map((fields) => stanzaText(moved(fields, mirror))).join("\n");
}

type Fields = ReadonlyMap<string, string>;

/** Stanzas of sources.list(5), deb822 style; a continued line stays with its field. */
function deb822(content: string): Fields[] {
  return content
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .split(/\n\s*\n/)
    .map((stanza) => {
      const fields = stanza.matchAll(/^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t]+.*)*)$/gm);
      return new Map([...fields].map(([, name = "", value = ""]) => [name, value.trimEnd()]));
    })
    .filter((fields) => fields.has("URIs"));
}

/** The same of lines `deb [signed-by=...] URI SUITE COMPONENT...`. */
function oneLine(content: string): Fields[] {
  return content.split("\n").flatMap((line) => {
    const match = /^(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line.trim());
    if (match === null) return [];
    const [, type = "deb", options = "", uri = "", suite = "", components = ""] = match;
    const signedBy = /(?:^|\s)signed-by="?([^\s"]+)/.exec(options)?.[1];
    const fields = new Map([
      ["Types", type],
      ["URIs", uri],
      ["Suites", suite],
    ]);
    if (components !== "") fields.set("Components", components);
    if (signedBy !== undefined) fields.set("Signed-By", signedBy);
    return [fields];
  });
}

/** A full mirror of Debian keeps security updates beside it, `.../debian-security`; Ubuntu's are in the same. */
function moved(fields: Fields, mirror: string): Fields {
  const isBeside = /-security\/*$/.test(fields.get("URIs") ?? "");
  return new Map([...fields, ["URIs", isBeside ? `${mirror}-security` : mirror]]);
}

function stanzaText(fields: Fields): string {
  return [...fields]
    .map(([name, value]) => `${name}:${value.startsWith("\n") ? "" : " "}${value}\n`)
    .join("");
}
