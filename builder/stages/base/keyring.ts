import { copyFile, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { fs } from "zx";
import { PosternError } from "../../error.ts";
import { keyFingerprints } from "../../host/openpgp.ts";
import { rootCommand } from "../../host/privilege.ts";
import { removeTree } from "../../host/remove.ts";
import { run } from "../../host/run.ts";
import type { Base } from "../../recipe/base.ts";

/**
 * Finds the keyring that a base's archive is checked with: the recipe's, the host's, one fetched before, or
 * the package of a Debian suite that carries it (its archive's signature is checked by a key the host has).
 *
 * @returns the keyring's path, or undefined where mmdebstrap finds its own.
 * @throws PosternError `input.keyring` or `network.keyring`.
 */
export async function findKeyring(
  base: Base,
  named: string | undefined,
  cache: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (named !== undefined) return checked(base, named);
  if (await fs.pathExists(base.keyring.path)) return checked(base, base.keyring.path);
  if (base.keyring.fallbackSuite === undefined) throw missing(base);
  const kept = join(cache, "keyrings", `${base.keyring.package}.gpg`);
  if (!(await fs.pathExists(kept))) await fetchKeyring(base, base.keyring.fallbackSuite, kept, signal);
  return checked(base, kept);
}

async function fetchKeyring(base: Base, suite: string, kept: string, signal: AbortSignal): Promise<void> {
  const work = `${kept}.${process.pid}`;
  await fs.mkdirp(work);
  try {
    const args = [
      "--mode=auto",
      "--variant=extract",
      "--format=directory",
      '--aptopt=Acquire::http::Timeout "20"',
      `--include=${base.keyring.package}`,
      suite,
      join(work, "tree"),
    ];
    const asRoot = rootCommand("mmdebstrap", args, process.geteuid?.() === 0, true);
    await run(asRoot.command, asRoot.args, { signal, code: "network.keyring", hint: keyringHint(base) });
    await copyFile(join(work, "tree", base.keyring.path), join(work, "keyring.gpg"));
    await rename(join(work, "keyring.gpg"), kept);
  } finally {
    await removeTree(work);
  }
}

async function checked(base: Base, file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new PosternError({
      code: "input.keyring",
      message: `keyring ${file} cannot be read`,
      hint: keyringHint(base),
      cause,
    });
  });
  const wanted = base.keyring.fingerprints;
  if (wanted.length === 0) return file;
  const held = fingerprintsOf(bytes);
  if (wanted.some((one) => held.includes(one))) return file;
  throw new PosternError({
    code: "input.keyring",
    message: `keyring ${file} does not hold the archive key of ${base.title} (${wanted.join(", ")})`,
    hint: keyringHint(base),
  });
}

function fingerprintsOf(bytes: Buffer): string[] {
  try {
    return keyFingerprints(bytes);
  } catch {
    return [];
  }
}

function missing(base: Base): PosternError {
  return new PosternError({
    code: "host.keyring",
    message: `${base.keyring.path} is not on this host, so the archive of ${base.title} cannot be checked`,
    hint: `apt-get install ${base.keyring.package}, or name a keyring file with --keyring FILE.`,
  });
}

function keyringHint(base: Base): string {
  return `Name the archive's keyring with --keyring FILE; it comes in the package ${base.keyring.package}.`;
}
