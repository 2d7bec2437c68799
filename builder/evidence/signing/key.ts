import { readFile, stat } from "node:fs/promises";
import { messageOf, PosternError } from "../../error.ts";
import { run } from "../../host/run.ts";

/** A key that can sign, by OpenSSH's own tools; its bytes never come into our hands. */
export interface SignKey {
  /** Absolute: of the private key, or of a public one whose private half an agent holds. */
  path: string;
  /** `SHA256:...`, as `ssh-keygen -l` prints it. */
  fingerprint: string;
  /** `ED25519`, `ECDSA`, `RSA`, `ED25519-SK`, ... */
  type: string;
  /** The file is a public key. */
  inAgent: boolean;
}

export interface KeyHost {
  env: Readonly<Record<string, string | undefined>>;
  /** Whether a person can answer a question. */
  canAsk: boolean;
  signal: AbortSignal;
}

type Named = Pick<SignKey, "fingerprint" | "type">;

/** `256 SHA256:... a comment (ED25519)` */
const LISTED = /^\d+ (?<fingerprint>SHA256:[A-Za-z0-9+/]{43}) .*\((?<type>[A-Z0-9-]+)\)$/;
const GROUP_AND_OTHERS = 0o077;

/**
 * Looks at a key before anything is built: that it is one, that OpenSSH will take it, and that nothing it will ask
 * for is out of reach.
 *
 * @throws PosternError `input.sign-key`
 */
export async function readSignKey(path: string, host: KeyHost): Promise<SignKey> {
  const found = await stat(path).catch((error: unknown) => {
    throw keyError(
      `${path}: ${messageOf(error)}`,
      "Name a key with --sign-key FILE, or in the recipe: sign.sshKey.",
    );
  });
  if (!found.isFile()) throw keyError(`${path} is no file`, "Name a key with --sign-key FILE.");
  const isPrivate = (await readFile(path, "latin1")).includes("PRIVATE KEY-----");
  if (!isPrivate) return agentKey(path, host);
  if ((found.mode & GROUP_AND_OTHERS) !== 0 && found.uid === process.getuid?.()) {
    throw keyError(
      `${path} may be read by others (mode ${(found.mode & 0o777).toString(8)}); OpenSSH does not take such a key`,
      `chmod 600 ${path}`,
    );
  }
  const open = await openKey(path, host.signal);
  if (open !== undefined) return { path, ...open, inAgent: false };
  const locked = await listed(["-l", "-f", path], host.signal);
  if (locked === undefined) {
    throw keyError(
      `${path} is no private key that ssh-keygen reads`,
      'ssh-keygen -t ed25519 -f FILE makes one; "openssl pkey" ones of Ed25519 are none.',
    );
  }
  if (host.canAsk || canAskElsewhere(host.env) || (await isInAgent(locked, host)))
    return { path, ...locked, inAgent: false };
  throw keyError(
    `${path} has a passphrase, and there is no terminal to ask for it`,
    `ssh-add ${path} first, or set SSH_ASKPASS and SSH_ASKPASS_REQUIRE=force.`,
  );
}

/** A public key: what it signs, an agent signs. */
async function agentKey(path: string, host: KeyHost): Promise<SignKey> {
  const named = await listed(["-l", "-f", path], host.signal);
  if (named === undefined) {
    throw keyError(`${path} is no SSH key`, "ssh-keygen -t ed25519 -f FILE makes one.");
  }
  if (await isInAgent(named, host)) return { path, ...named, inAgent: true };
  throw keyError(
    `${path} is a public key, and no agent holds the private one`,
    "ssh-add the private key, or name its file.",
  );
}

/** A private key without a passphrase; undefined where it has one, or is none. */
async function openKey(path: string, signal: AbortSignal): Promise<Named | undefined> {
  const text = await run("ssh-keygen", ["-y", "-P", "", "-f", path], { signal }).catch(absent(signal));
  return text === undefined ? undefined : listed(["-l", "-f", "-"], signal, text.stdout);
}

async function listed(
  args: readonly string[],
  signal: AbortSignal,
  input?: string,
): Promise<Named | undefined> {
  const options = { signal, ...(input === undefined ? {} : { input }) };
  const found = await run("ssh-keygen", args, options).catch(absent(signal));
  return namedOf(found?.stdout ?? "");
}

function namedOf(line: string): Named | undefined {
  const { fingerprint, type } = LISTED.exec(line.trim())?.groups ?? {};
  return fingerprint === undefined || type === undefined ? undefined : { fingerprint, type };
}

async function isInAgent({ fingerprint }: Named, { env, signal }: KeyHost): Promise<boolean> {
  if (env.SSH_AUTH_SOCK === undefined) return false;
  const options = { signal, env: { SSH_AUTH_SOCK: env.SSH_AUTH_SOCK } };
  const { stdout } = (await run("ssh-add", ["-l"], options).catch(absent(signal))) ?? { stdout: "" };
  return stdout.split("\n").some((line) => namedOf(line)?.fingerprint === fingerprint);
}

/** ssh(1): a program that asks for the passphrase; without a display only where it is forced. */
function canAskElsewhere({
  SSH_ASKPASS,
  SSH_ASKPASS_REQUIRE,
  DISPLAY,
  WAYLAND_DISPLAY,
}: KeyHost["env"]): boolean {
  if (!SSH_ASKPASS || SSH_ASKPASS_REQUIRE === "never") return false;
  return Boolean(DISPLAY || WAYLAND_DISPLAY) || SSH_ASKPASS_REQUIRE === "force";
}

/** A tool that says no is an answer; Ctrl-C is none. */
function absent(signal: AbortSignal): () => undefined {
  return () => {
    signal.throwIfAborted();
    return undefined;
  };
}

export function keyError(message: string, hint: string, cause?: unknown): PosternError {
  return new PosternError({
    ...{ code: "input.sign-key", message, hint },
    ...(cause === undefined ? {} : { cause }),
  });
}
