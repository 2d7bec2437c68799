import { createHash } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fs } from "zx";
import { PosternError } from "../../error.ts";
import { run } from "../../host/run.ts";
import { type BaseCommand, preferencesText, simulateArgs } from "./command.ts";
import { type InstalledPackage, parseSimulation } from "./packages.ts";

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
export async function resolvePackages(command: BaseCommand, options: ResolveOptions): Promise<Resolution> {
  const preferences = preferencesText(command.base.pins);
  const question = [...simulateArgs(command), preferences ?? ""];
  const name = createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 16);
  const file = join(options.facts, `packages-${name}.json`);
  const known = await readKnown(file);
  const now = Math.floor(Date.now() / 1000);
  if (known !== undefined && !options.refresh && now - known.asked < FRESH_SECONDS) {
    return { ...known, remembered: true };
  }
  const packages = await simulate(command, preferences, options.signal);
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
  preferences: string | undefined,
  signal: AbortSignal,
): Promise<InstalledPackage[]> {
  const work = await mkdtemp(join(tmpdir(), "postern-ask-"));
  try {
    const file = join(work, "postern.pref");
    if (preferences !== undefined) await writeFile(file, preferences);
    const asked = preferences === undefined ? command : { ...command, preferences: file };
    return await askMmdebstrap(asked, signal);
  } finally {
    await fs.remove(work);
  }
}

async function askMmdebstrap(command: BaseCommand, signal: AbortSignal): Promise<InstalledPackage[]> {
  const { stderr, stdout } = await run("mmdebstrap", simulateArgs(command), {
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
