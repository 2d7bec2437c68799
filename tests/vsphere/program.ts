import { mkdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { fingerprintText } from "../../builder/host/fingerprint.ts";
import { findProbe } from "../../builder/host/packages.ts";
import { run } from "../../builder/host/run.ts";
import { cacheFolder } from "../../builder/pipeline/cache/folder.ts";

/** Set to 1, the tests run: Go takes two minutes of processor time to make the program once, and fetches its modules. */
export const WANTED = "POSTERN_VSPHERE_IMPORT";

/** Milliseconds. */
export const LONGEST_BUILD = 900_000;

const SOURCE = join(import.meta.dirname, "kit");
const USUAL_GO = "/usr/local/go/bin/go";

/** Why the program is not to be had here, or where Go is. */
export async function goOrReason(env: NodeJS.ProcessEnv): Promise<{ go: string } | { reason: string }> {
  if (env[WANTED] !== "1") return { reason: `${WANTED}=1 runs it; it makes a program of govmomi first` };
  const go = (await findProbe("go")) ?? (await findProbe(USUAL_GO));
  if (go === undefined) return { reason: `no Go in PATH and none at ${USUAL_GO}` };
  const fetched = await run(go, ["mod", "download"], { cwd: SOURCE, env: GO_ENV, timeout: 300_000 }).then(
    () => true,
    () => false,
  );
  return fetched ? { go } : { reason: "Go cannot fetch the modules of govmomi here" };
}

// Modules have the versions and hashes of go.sum; another Go is never fetched.
const GO_ENV = { GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly -buildvcs=false" };

/** The program of `kit/`, made once for each state of its sources and kept in the cache, where `clean --all` finds it. */
export async function makeProgram(go: string): Promise<string> {
  const sources = await Promise.all(
    ["main.go", "sata.go", "simulate.go", "go.mod", "go.sum"].map((name) =>
      readFile(join(SOURCE, name), "utf8"),
    ),
  );
  const folder = cacheFolder({ cwd: process.cwd(), env: process.env }).facts;
  const program = join(folder, `vsphere-kit-${fingerprintText(...sources).slice(0, 16)}`);
  const isThere = await stat(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Two files of tests may want it at once.
  const made = `${program}.${process.pid}`;
  const build = ["build", "-trimpath", "-o", made, "."];
  await run(go, build, { cwd: SOURCE, env: GO_ENV, timeout: LONGEST_BUILD });
  await rename(made, program);
  return program;
}
