import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  builtInCatalogue,
  type Catalogue,
  type CatalogueEntry,
} from "../../../appliance/endpoints/catalogue.ts";
import { TOOL_ENV } from "./tools.ts";

/** A key pair for signing catalogues, made by the real ssh-keygen. */
export interface Signer {
  /** The private key's file. */
  file: string;
  /** The line of its .pub file. */
  line: string;
}

export function makeSigner(folder: string, name: string, type = "ed25519"): Signer {
  const file = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", name, "-f", file], { env: TOOL_ENV });
  return { file, line: readFileSync(`${file}.pub`, "utf8").trim() };
}

/** Writes a file with its signature beside it. */
export function laySigned(
  file: string,
  text: string,
  { file: key }: Signer,
  namespace = "postern-catalogue",
): void {
  writeFileSync(file, text);
  const args = ["-q", "-Y", "sign", "-n", namespace, "-f", key];
  // From its standard input, so that it asks nothing where there is a signature already.
  writeFileSync(`${file}.sig`, execFileSync("ssh-keygen", args, { env: TOOL_ENV, input: text }));
}

/** The image's own catalogue with another date, with entries added and left out. */
export function variant(
  version: string,
  { add = [], without = [] }: { add?: readonly Partial<CatalogueEntry>[]; without?: readonly string[] } = {},
): Catalogue {
  const own = builtInCatalogue();
  const [first] = own.entries;
  if (first === undefined) throw new Error("the catalogue is empty");
  const added = add.map((entry): CatalogueEntry => ({ ...first, ...entry }));
  const entries = [...own.entries.filter(({ host }) => !without.includes(host)), ...added];
  return { ...own, version, entries };
}

export function catalogueText(catalogue: Catalogue): string {
  return `${JSON.stringify(catalogue, undefined, 2)}\n`;
}
