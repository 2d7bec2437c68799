import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../error.ts";
import { fingerprint, parseSshKey, type SshKey, sshKeyText } from "../settings/sshkey.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";

/** What a signature was made for; one that was made for anything else does not count (ssh-keygen -n). */
export const NAMESPACE = "postern-catalogue";

/** Whoever signs; the keys tell them apart, not their names. */
const SIGNER = "catalogue";

/** The keys that may sign a catalogue: those that came with the image, and those of the settings. */
export async function catalogueKeys({ paths }: System, fromSettings: readonly string[]): Promise<SshKey[]> {
  const fromImage = ((await readIfThere(paths.catalogueKeys)) ?? "").split("\n");
  return [...fromImage, ...fromSettings].flatMap((line) => {
    const key = parseSshKey(line);
    return key.ok && key.value.type === "ssh-ed25519" ? [key.value] : [];
  });
}

/**
 * Has ssh-keygen check a detached signature over a text.
 *
 * @returns the fingerprint of the key that signed it.
 * @throws PosternError `input.signature` when none of the keys has signed this very text for this purpose.
 * @see https://man.openbsd.org/ssh-keygen#Y and https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig
 */
export async function verifySignature(
  system: System,
  { file, text, signature }: { file: string; text: string; signature: string },
  keys: readonly SshKey[],
): Promise<string> {
  await mkdir(system.paths.run, { recursive: true });
  const folder = await mkdtemp(join(system.paths.run, "signature-"));
  try {
    const [signers, signed] = [join(folder, "signers"), join(folder, "signature")];
    const lines = keys.map(
      (key) => `${SIGNER} namespaces="${NAMESPACE}" ${sshKeyText({ ...key, comment: "" })}\n`,
    );
    await writeFile(signers, lines.join(""), { mode: 0o600 });
    await writeFile(signed, signature, { mode: 0o600 });
    const args = ["-Y", "verify", "-f", signers, "-I", SIGNER, "-n", NAMESPACE, "-s", signed];
    const { code, stdout, stderr } = await system.run("ssh-keygen", args, { input: text });
    const said = /with ED25519 key (SHA256:[A-Za-z0-9+/]{43})\s*$/.exec(stdout)?.[1];
    const known = keys.map(fingerprint).find((one) => one === said);
    if (code === 0 && known !== undefined) return known;
    const why = `${stderr}${stdout}`
      .trim()
      .split("\n")[0]
      ?.replaceAll(/[^ -~]/g, "?")
      .slice(0, 200);
    throw new PosternError({
      code: "input.signature",
      message: `${file} is not signed by a key that this machine knows: ${why}`,
      hint: `Known are ${keys.map(fingerprint).join(", ")}. Get the file and its .sig once more, or name the signer's key in the settings: defender.catalogueKeys`,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
