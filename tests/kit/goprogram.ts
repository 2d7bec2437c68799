import { mkdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { fingerprintText } from "../../builder/host/fingerprint.ts";
import { findProbe } from "../../builder/host/packages.ts";
import { run } from "../../builder/host/run.ts";
import { cacheFolder } from "../../builder/pipeline/cache/folder.ts";

const USUAL_GO = "/usr/local/go/bin/go";

/**
 * Why a program is not to be had here, or where Go is. Go takes a minute of processor time to make one, and fetches
 * its modules: so it is asked for.
 *
 * @param wanted the variable that asks, by being 1
 */
export async function goOrReason(wanted: string): Promise<{ go: string } | { reason: string }> {
  if (process.env[wanted] !== "1") return { reason: `${wanted}=1 runs it; it makes a program of Go first` };
  const go = (await findProbe("go")) ?? (await findProbe(USUAL_GO));
  return go === undefined ? { reason: `no Go in PATH and none at ${USUAL_GO}` } : { go };
}

/**
 * A program of Go, made once for each state of its sources and kept in the cache, where `clean --all` finds it.
 *
 * @param source folder with `main.go`, `go.mod` and `go.sum`
 */
export async function makeProgram(go: string, source: string, name: string): Promise<string> {
  const sources = await Promise.all(
    ["main.go", "go.mod", "go.sum"].map((file) => readFile(join(source, file), "utf8")),
  );
  const folder = cacheFolder({ cwd: process.cwd(), env: process.env }).facts;
  const program = join(folder, `${name}-${fingerprintText(...sources).slice(0, 16)}`);
  const isThere = await stat(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Its modules have the versions and hashes of go.sum; another Go is never fetched.
  const env = { GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly -buildvcs=false" };
  await run(go, ["build", "-trimpath", "-o", `${program}.new`, "."], { cwd: source, env, timeout: 900_000 });
  await rename(`${program}.new`, program);
  return program;
}
