import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { messageOf, PosternError } from "../error.ts";
import type { Release } from "../release.ts";
import { currentSettings } from "../settings/current.ts";
import type { Settings } from "../settings/settings.ts";
import { adminHash } from "../system/accounts.ts";
import { privateFolder } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { maskSecrets } from "./mask.ts";
import { ownParts, renderedParts, settingsPart } from "./ownparts.ts";
import { commandParts, type Part } from "./parts.ts";

/** More of one file nobody reads; it is cut at the end of a line. */
const MOST = 4 * 1024 * 1024;

/** What is in a bundle: the name of each file and what it is. */
export type Contents = readonly Pick<Part, "name" | "about">[];

/**
 * Writes a .tar.gz that only root may read, with what somebody needs to find a fault. Secrets are masked in
 * every text before it is written anywhere.
 *
 * @throws PosternError `input.file` when the file is there already or cannot be made.
 */
export async function writeBundle(system: System, release: Release, file: string): Promise<Contents> {
  const { settings, problem } = await settingsOf(system);
  const secrets = await secretsOf(system, settings);
  const parts = [
    settingsPart(settings, problem),
    ...ownParts(system, release, settings),
    ...commandParts(system),
    ...renderedParts(system, settings),
  ];
  await reserve(file);
  await privateFolder(system.paths.run);
  const staging = await mkdtemp(join(system.paths.run, "support-"));
  try {
    const folder = basename(file).replace(/(\.tar)?\.gz$|\.tgz$/, "") || "postern-support";
    await Promise.all(
      [readme(parts, release), ...parts].map((part) => lay(join(staging, folder), part, secrets)),
    );
    const words = ["--create", "--gzip", "--owner=0", "--group=0", "--numeric-owner", "--sort=name"];
    const ran = await system.run("tar", [...words, `--file=${file}`, `--directory=${staging}`, "--", folder]);
    if (ran.code !== 0) throw bundleError(file, ran.stderr.trim());
    return parts;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function lay(folder: string, { name, make }: Part, secrets: readonly string[]): Promise<void> {
  const text = await make().catch((error: unknown) => `(${messageOf(error)})\n`);
  const place = join(folder, name);
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  await writeFile(place, bounded(maskSecrets(text, secrets)), { mode: 0o600 });
}

/** Made before anything else, closed to others: tar only writes into it. */
async function reserve(file: string): Promise<void> {
  try {
    await (await open(file, "wx", 0o600)).close();
  } catch (error) {
    throw bundleError(file, messageOf(error), error);
  }
}

function bundleError(file: string, what: string, cause?: unknown): PosternError {
  return new PosternError({
    code: "input.file",
    message: `${file} cannot be written: ${what}`,
    hint: "Name a file that is not there yet: posternctl support FILE",
    cause,
  });
}

/** A machine whose settings were spoilt needs the bundle most. */
async function settingsOf(
  system: System,
): Promise<{ settings: Settings | undefined; problem: string | undefined }> {
  try {
    return { settings: await currentSettings(system.paths), problem: undefined };
  } catch (error) {
    return { settings: undefined, problem: messageOf(error).replaceAll("\n", "\n# ") };
  }
}

async function secretsOf({ paths }: System, settings: Settings | undefined): Promise<string[]> {
  const hashes = [settings?.admin.passwordHash, await adminHash(paths).catch(() => undefined)];
  // A locked account has a mark of one character there.
  return hashes.flatMap((hash) => (hash === undefined || hash.length < 5 ? [] : [hash]));
}

function readme(parts: Contents, { version, base }: Release): Part {
  const width = Math.max(...parts.map(({ name }) => name.length));
  const list = parts.map(({ name, about }) => `${name.padEnd(width)}  ${about}\n`).join("");
  const text = `Support bundle of Postern ${version} on ${base}, ${new Date().toISOString()}

${list}
Passwords, their hashes and private keys are masked. Addresses and names of your network are not.
`;
  return { name: "README.txt", about: "this list", make: async () => text };
}

function bounded(text: string): string {
  if (text.length <= MOST) return text;
  return `${text.slice(0, text.lastIndexOf("\n", MOST) + 1)}(cut here)\n`;
}
