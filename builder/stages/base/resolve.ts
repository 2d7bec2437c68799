import { createHash } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fs } from "zx";
import { PosternError } from "../../error.ts";
import type { OtherArchive } from "../../host/archive.ts";
import { rootCommand } from "../../host/privilege.ts";
import { run } from "../../host/run.ts";
import { type BaseCommand, otherLines, preferencesText, simulateArgs } from "./command.ts";
import { type InstalledPackage, parseSimulation } from "./packages.ts";

/** What is asked: the packages of a base, and of which archive. */
export type Question = Pick<BaseCommand, "base" | "packages" | "mirror" | "keyring"> & {
  /** Another archive than the one that the image names. */
  from?: OtherArchive | undefined;
};

/** What the archive would give, as it was asked. */
export interface Resolution {
  packages: InstalledPackage[];
  /** Seconds since 1970 when the archive was asked. */
  asked: number;
  /** From the cache, not asked now. */
  remembered: boolean;
}

/** Package versions are asked again after so long, or with --refresh. */
const FRESH_SECONDS = 12 * 3600;

export interface ResolveOptions {
  /** Folder that remembers answers. */
  facts: string;
  refresh: boolean;
  /** Nothing is written. */
  touchNothing: boolean;
  signal: AbortSignal;
}

/**
 * The versions that the archive gives now: part of the base's key, so that a security update of any package
 * makes a new image, and nothing else does. mmdebstrap's own simulation solves it, in about 4 seconds.
 *
 * @throws PosternError `network.archive` when the archive cannot be asked and nothing is remembered.
 */
export async function resolvePackages(asked: Question, options: ResolveOptions): Promise<Resolution> {
  const { from, ...command } = asked;
  const preferences = preferencesText(command.base.pins);
  const list = from === undefined ? undefined : otherLines(command.base, from, command.keyring);
  const question = [...simulateArgs(command), preferences ?? "", ...(list === undefined ? [] : [list])];
  const name = createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 16);
  const file = join(options.facts, `packages-${name}.json`);
  const known = await readKnown(file);
  const now = Math.floor(Date.now() / 1000);
  if (known !== undefined && !options.refresh && now - known.asked < FRESH_SECONDS) {
    return { ...known, remembered: true };
  }
  const packages = await simulate(command, { preferences, list }, options.signal);
  const answer = { packages, asked: now };
  if (!options.touchNothing) {
    await fs.mkdirp(options.facts);
    const next = `${file}.${process.pid}`;
    await writeFile(next, JSON.stringify(answer));
    await fs.rename(next, file);
  }
  return { ...answer, remembered: false };
}

async function readKnown(file: string): Promise<Omit<Resolution, "remembered"> | undefined> {
  try {
    const known: unknown = JSON.parse(await readFile(file, "utf8"));
    if (!isKnown(known) || known.packages.length === 0) return undefined;
    return known;
  } catch {
    return undefined;
  }
}

function isKnown(value: unknown): value is Omit<Resolution, "remembered"> {
  return (
    typeof value === "object" &&
    value !== null &&
    "asked" in value &&
    typeof value.asked === "number" &&
    "packages" in value &&
    Array.isArray(value.packages)
  );
}

async function simulate(
  command: BaseCommand,
  texts: { preferences: string | undefined; list: string | undefined },
  signal: AbortSignal,
): Promise<InstalledPackage[]> {
  const work = await mkdtemp(join(tmpdir(), "postern-ask-"));
  const file = (name: string): string => join(work, name);
  try {
    const asked: BaseCommand = { ...command };
    if (texts.preferences !== undefined) {
      asked.preferences = file("postern.pref");
      await writeFile(asked.preferences, texts.preferences);
    }
    if (texts.list !== undefined) {
      asked.other = { list: file("other.list"), own: file("own.list") };
      await writeFile(asked.other.list, texts.list);
    }
    return await askMmdebstrap(asked, signal);
  } finally {
    await fs.remove(work);
  }
}

async function askMmdebstrap(command: BaseCommand, signal: AbortSignal): Promise<InstalledPackage[]> {
  const asRoot = rootCommand("mmdebstrap", simulateArgs(command), process.geteuid?.() === 0, true);
  const { stderr, stdout } = await run(asRoot.command, asRoot.args, {
    signal,
    code: "network.archive",
    hint: "Read apt's last lines above; name another mirror with --mirror URL.",
  });
  const packages = parseSimulation(`${stdout}\n${stderr}`);
  if (packages.length > 0) return packages;
  throw new PosternError({
    code: "network.archive",
    message: `mmdebstrap's simulation of ${command.base.title} named no package`,
    hint: "Run ./postern doctor; mmdebstrap 1.3 or newer is needed.",
  });
}
