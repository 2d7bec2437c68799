import { readFile } from "node:fs/promises";
import { type Signer, signerOf } from "../../formats/ova/signature.ts";
import type { Recipe } from "../../recipe/recipe.ts";

/**
 * Who signs the OVAs; nobody where the recipe names no certificate. Read before anything is built, so that a key that
 * cannot sign is said at once.
 *
 * @throws PosternError `input.sign`
 */
export async function readSigner({ key, certificate }: Recipe["sign"]): Promise<Signer | undefined> {
  if (key === undefined || certificate === undefined) return undefined;
  return signerOf(await readFile(key, "utf8"), await readFile(certificate, "utf8"));
}
