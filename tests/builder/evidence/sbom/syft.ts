import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../../builder/host/run.ts";
import { cacheFolder } from "../../../../builder/pipeline/cache/folder.ts";
import { findGo } from "../../../kit/gotool.ts";

/** Set to 1, the test runs: Go takes a quarter of an hour of processor time to make the program once. */
export const WANTED = "POSTERN_SYFT";

/** https://github.com/anchore/syft: a scanner by other people. Go checks the module by its public sums. */
const VERSION = "v1.57.1";
const MODULE = `github.com/anchore/syft/cmd/syft@${VERSION}`;

/** Where syft is, or how it can be made; else why it is not to be had here. */
export async function syftOrReason(env: NodeJS.ProcessEnv): Promise<{ go: string } | { reason: string }> {
  if (env[WANTED] !== "1") return { reason: `${WANTED}=1 runs it; it makes a program of syft first` };
  return findGo();
}

/** The program, made once for each version and kept in the cache, where `clean --all` finds it. */
export async function makeSyft(go: string): Promise<string> {
  const folder = cacheFolder({ cwd: process.cwd(), env: process.env }).facts;
  const program = join(folder, `syft-${VERSION}`);
  const isThere = await stat(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  const work = join(folder, "syft.new");
  await mkdir(work, { recursive: true, mode: 0o700 });
  // Another Go is never fetched.
  const env = { GOTOOLCHAIN: "local", GOFLAGS: "-buildvcs=false", GOBIN: work };
  await run(go, ["install", "-trimpath", MODULE], { env, timeout: 3_600_000 });
  await rename(join(work, "syft"), program);
  return program;
}

/** A package as syft tells it. */
export interface SyftPackage {
  name: string;
  version: string;
  type: string;
  purl: string;
}

export interface SyftResult {
  artifacts: readonly SyftPackage[];
  distro: { id?: string; versionID?: string };
}

/** What syft makes of a folder or a file; it asks nobody whether it is up to date. */
export async function askSyft(program: string, ...args: readonly string[]): Promise<SyftResult> {
  const env = { SYFT_CHECK_FOR_APP_UPDATE: "false" };
  const { stdout } = await run(program, [...args, "--quiet", "--output", "syft-json"], { env });
  return JSON.parse(stdout);
}
