import { messageOf, PosternError } from "../error.ts";
import { readStrange } from "../intake/read.ts";
import type { System } from "../system/system.ts";
import { builtInCatalogue, type Catalogue, compareVersions, parseCatalogue } from "./catalogue.ts";
import { type InstalledCatalogue, LARGEST_CATALOGUE } from "./installed.ts";
import { catalogueKeys, NAMESPACE, verifySignature } from "./signature.ts";

/** A signature of one key is some hundred bytes. */
const LARGEST_SIGNATURE = 16 * 1024;

/**
 * Reads a catalogue that somebody brings, with the signature beside it. Nothing in it is looked at before the
 * signature is known to be good.
 *
 * @throws PosternError `input.catalogue-key`, `input.signature`, `input.catalogue`
 */
export async function readNewCatalogue(
  system: System,
  file: string,
  keysOfSettings: readonly string[],
): Promise<InstalledCatalogue> {
  const text = await bounded(file, LARGEST_CATALOGUE, "Name the file: posternctl endpoints update FILE");
  const signature = await bounded(
    `${file}.sig`,
    LARGEST_SIGNATURE,
    `It lies beside the catalogue. Who makes one signs it by: ssh-keygen -Y sign -n ${NAMESPACE} -f KEY FILE`,
  );
  const keys = await catalogueKeys(system, keysOfSettings);
  if (keys.length === 0) {
    throw new PosternError({
      code: "input.catalogue-key",
      message: "This machine knows no key that may sign a catalogue.",
      hint: "Name one in the settings, defender.catalogueKeys: [ssh-ed25519 ...], and run: posternctl apply",
    });
  }
  const key = await verifySignature(system, { file, text, signature }, keys);
  return { over: builtInCatalogue().version, key, catalogue: parseCatalogue(parsed(text, file), file) };
}

/**
 * Refuses a catalogue that is no newer than the one in use: whoever keeps an old signed file must not be able to
 * bring back names that were closed since.
 *
 * @throws PosternError `input.catalogue-old`
 */
export function requireNewer({ version }: Catalogue, now: Catalogue): void {
  if (compareVersions(version, now.version) > 0) return;
  const what = version === now.version ? "has the same date as" : "is older than";
  throw new PosternError({
    code: "input.catalogue-old",
    message: `The catalogue of ${version} ${what} the one in use, of ${now.version}.`,
    hint: "If it is meant: posternctl endpoints update FILE --force",
  });
}

async function bounded(file: string, most: number, hint: string): Promise<string> {
  const fail = (why: string, cause?: unknown) =>
    new PosternError({
      code: "input.catalogue",
      message: `${file} cannot be read: ${why}`,
      hint,
      ...(cause === undefined ? {} : { cause }),
    });
  try {
    const bytes = await readStrange(file, most);
    if (bytes === undefined) throw fail("there is no such file");
    // The text is what is checked, and the same text is what is used.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw error instanceof PosternError ? error : fail(messageOf(error), error);
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PosternError({
      code: "input.catalogue",
      message: `${file} is no JSON: ${messageOf(error)}`,
      hint: "docs/catalogue.md says what a catalogue has to be.",
      cause: error,
    });
  }
}
