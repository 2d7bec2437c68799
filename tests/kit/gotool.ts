import { mkdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { fingerprintText } from "../../builder/host/fingerprint.ts";
import { findProbe } from "../../builder/host/packages.ts";
import { run } from "../../builder/host/run.ts";
import { cacheFolder } from "../../builder/pipeline/cache/folder.ts";

/** A program that is made of Go modules, because no package has it. */
export interface GoTool {
  name: string;
  /** Folder with go.mod and go.sum, which give the versions and hashes of all that it is made of. */
  folder: string;
  /** Files there that it is made of. */
  sources: readonly string[];
  /** Package that is built. */
  target: string;
}

/** Milliseconds. */
export const LONGEST_BUILD = 900_000;

const USUAL_GO = "/usr/local/go/bin/go";
/** Another Go is never fetched. */
const GO_ENV = { GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly -buildvcs=false" };

/** Where Go is, or that there is none. */
export async function findGo(): Promise<{ go: string } | { reason: string }> {
  const go = (await findProbe("go")) ?? (await findProbe(USUAL_GO));
  return go === undefined ? { reason: `no Go in PATH and none at ${USUAL_GO}` } : { go };
}

/** Why a tool is not to be had here, or where Go is. */
export async function goOrReason({ folder }: GoTool): Promise<{ go: string } | { reason: string }> {
  const found = await findGo();
  if ("reason" in found) return found;
  const { go } = found;
  const fetched = await run(go, ["mod", "download"], { cwd: folder, env: GO_ENV, timeout: 300_000 }).then(
    () => true,
    () => false,
  );
  return fetched ? { go } : { reason: "Go cannot fetch the modules here" };
}

/** The same where a variable asks for the tool by being 1: making it takes minutes of processor time. */
export async function goWhenAsked(
  variable: string,
  tool: GoTool,
): Promise<{ go: string } | { reason: string }> {
  if (process.env[variable] !== "1")
    return { reason: `${variable}=1 runs it; it makes a program of Go first` };
  return goOrReason(tool);
}

/** The tool, made once for each state of its sources and kept in the cache, where `clean --all` finds it. */
export async function makeGoTool(go: string, { name, folder, sources, target }: GoTool): Promise<string> {
  const texts = await Promise.all(sources.map((file) => readFile(join(folder, file), "utf8")));
  const { facts } = cacheFolder({ cwd: process.cwd(), env: process.env });
  const program = join(facts, `${name}-${fingerprintText(...texts).slice(0, 16)}`);
  const isThere = await stat(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await mkdir(facts, { recursive: true, mode: 0o700 });
  // Two files of tests may want it at once.
  const made = `${program}.${process.pid}`;
  const build = ["build", "-trimpath", "-o", made, target];
  await run(go, build, { cwd: folder, env: GO_ENV, timeout: LONGEST_BUILD });
  await rename(made, program);
  return program;
}
