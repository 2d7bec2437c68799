import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../error.ts";
import { run } from "../../host/run.ts";
import { writeWhole } from "../../host/write.ts";
import { type KeyHost, keyError, type SignKey } from "./key.ts";
import { NAMESPACE, signatureName, signedBy } from "./signature.ts";

/**
 * Signs files of a folder, each into its own `.sig` beside it. A signature of the same key that still holds stays:
 * nobody is asked for a passphrase or a touch for nothing.
 *
 * @returns the names of the files that were signed anew
 * @throws PosternError `input.sign-key` when the key does not sign; then no signature is written
 */
export async function signFiles(
  folder: string,
  names: readonly string[],
  key: SignKey,
  { canAsk, signal }: Pick<KeyHost, "canAsk" | "signal">,
): Promise<string[]> {
  const wanted: string[] = [];
  for (const name of names) {
    const found = await signedBy(join(folder, name), join(folder, signatureName(name)), signal);
    if (found.fingerprint !== key.fingerprint) wanted.push(name);
  }
  if (wanted.length === 0) return [];
  // ssh-keygen writes a signature beside what it signs, half or whole; and with the text on its standard input it
  // would not ask for a passphrase at the terminal.
  const work = await mkdtemp(join(tmpdir(), "postern-sign-"));
  try {
    for (const name of wanted) await copyFile(join(folder, name), join(work, name));
    const args = ["-Y", "sign", "-n", NAMESPACE, "-f", key.path, ...(key.inAgent ? ["-U"] : []), ...wanted];
    await run("ssh-keygen", args, { cwd: work, terminal: canAsk, signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw keyError(
        `${key.path} does not sign: ${messageOf(error)}`,
        "Everything else is there. Mend the key, then: ./postern release FOLDER --sign-key FILE.",
        error,
      );
    });
    const signatures = new Map<string, Buffer>();
    for (const name of wanted) {
      const made = join(work, signatureName(name));
      const { fingerprint } = await signedBy(join(work, name), made, signal);
      if (fingerprint !== key.fingerprint) {
        throw keyError(
          `${key.path}: the signature is of ${fingerprint ?? "no key"}, not of ${key.fingerprint}`,
          "A .pub file of another key lies beside it: remove it.",
        );
      }
      signatures.set(name, await readFile(made));
    }
    for (const [name, bytes] of signatures) await writeWhole(join(folder, signatureName(name)), bytes);
    return wanted;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
