import { mkdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { fingerprintText } from "../../builder/host/fingerprint.ts";
import { findProbe } from "../../builder/host/packages.ts";
import { run } from "../../builder/host/run.ts";
import { cacheFolder } from "../../builder/pipeline/cache/folder.ts";

/** Set to 1, the test runs: Go takes a minute of processor time to make the program once, and fetches its modules. */
export const WANTED = "POSTERN_VSPHERE_IMPORT";

const SOURCE = join(import.meta.dirname, "kit");
const USUAL_GO = "/usr/local/go/bin/go";

/** Why the program is not to be had here, or where Go is. */
export async function goOrReason(env: NodeJS.ProcessEnv): Promise<{ go: string } | { reason: string }> {
  if (env[WANTED] !== "1") return { reason: `${WANTED}=1 runs it; it makes a program of govmomi first` };
  const go = (await findProbe("go")) ?? (await findProbe(USUAL_GO));
  return go === undefined ? { reason: `no Go in PATH and none at ${USUAL_GO}` } : { go };
}

/** The program of `kit/`, made once for each state of its sources and kept in the cache, where `clean --all` finds it. */
export async function makeProgram(go: string): Promise<string> {
  const sources = await Promise.all(
    ["main.go", "go.mod", "go.sum"].map((name) => readFile(join(SOURCE, name), "utf8")),
  );
  const folder = cacheFolder({ cwd: process.cwd(), env: process.env }).facts;
  const program = join(folder, `vsphere-kit-${fingerprintText(...sources).slice(0, 16)}`);
  const isThere = await stat(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Its modules have the versions and hashes of go.sum; another Go is never fetched.
  const env = { GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly -buildvcs=false" };
  await run(go, ["build", "-trimpath", "-o", `${program}.new`, "."], { cwd: SOURCE, env, timeout: 900_000 });
  await rename(`${program}.new`, program);
  return program;
}
