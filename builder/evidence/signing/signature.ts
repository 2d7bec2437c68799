import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { run } from "../../host/run.ts";

/** What a signature was made for (`ssh-keygen -n`); one that was made for anything else does not count. */
export const NAMESPACE = "postern";

export const SIGNATURE_ENDING = ".sig";

export function signatureName(name: string): string {
  return `${name}${SIGNATURE_ENDING}`;
}

/** Who made a signature, or why it is none. */
export interface SignedBy {
  /** `ED25519` */
  type?: string;
  /** `SHA256:...` */
  fingerprint?: string;
  problem?: string;
}

const GOOD =
  /^Good "postern" signature .*with (?<type>[A-Z0-9-]+) key (?<fingerprint>SHA256:[A-Za-z0-9+/]{43})\s*$/;
/** A signature of an RSA key of 16384 bits has 6 KiB. */
const MOST_SIGNATURE = 64 * 1024;

/**
 * Has ssh-keygen check that a signature is one over these bytes, whosever key it is.
 *
 * @see https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig
 */
export async function signedBy(file: string, signature: string, signal: AbortSignal): Promise<SignedBy> {
  const found = await stat(signature).catch(() => undefined);
  if (found?.isFile() !== true) return { problem: "there is none" };
  if (found.size > MOST_SIGNATURE) return { problem: "it is too large for a signature" };
  const said = await askKeygen(["-Y", "check-novalidate", "-n", NAMESPACE, "-s", signature], signal, file);
  const { type, fingerprint } = GOOD.exec(said.stdout)?.groups ?? {};
  return type === undefined || fingerprint === undefined ? { problem: said.reason } : { type, fingerprint };
}

/** Who may sign, as the allowed signers file says it for this key and this moment. */
export interface AllowedBy {
  principal?: string;
  problem?: string;
}

/**
 * Has ssh-keygen look for the signature's key among the allowed signers.
 *
 * @param allowed a file as in ssh-keygen(1), ALLOWED SIGNERS
 */
export async function allowedBy(
  file: string,
  signature: string,
  allowed: string,
  signal: AbortSignal,
): Promise<AllowedBy> {
  const found = await askKeygen(["-Y", "find-principals", "-s", signature, "-f", allowed], signal);
  let problem = found.reason;
  for (const principal of found.stdout.split("\n").filter((line) => line !== "")) {
    const args = ["-Y", "verify", "-f", allowed, "-I", principal, "-n", NAMESPACE, "-s", signature];
    const said = await askKeygen(args, signal, file);
    if (GOOD.test(said.stdout)) return { principal };
    problem = said.reason;
  }
  return { problem };
}

/** How it ends when it says no. */
const NO = 255;

/** A no is an answer, too: why stands on standard error. @throws PosternError `host.command` */
async function askKeygen(
  args: readonly string[],
  signal: AbortSignal,
  file?: string,
): Promise<{ stdout: string; reason: string }> {
  const { stdout, stderr } = await run("ssh-keygen", args, {
    ...{ signal, okCodes: [0, NO], hint: "apt-get install openssh-client" },
    ...(file === undefined ? {} : { input: createReadStream(file) }),
  });
  const lines = stderr.split(/[\r\n]+/).filter((line) => line !== "");
  return { stdout, reason: lines.join("; ") || "ssh-keygen does not say why" };
}
