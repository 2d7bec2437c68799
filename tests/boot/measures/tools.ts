import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../../builder/error.ts";
import { fingerprintText } from "../../../builder/host/fingerprint.ts";
import { run } from "../../../builder/host/run.ts";
import { cacheFolder } from "../../../builder/pipeline/cache/folder.ts";

/** The measuring tools: a tree to run them from on the host, and the same on a disk for the machine. */
export interface Tools {
  tree: string;
  disk: string;
}

/** Where they lie, or why they do not. Set by `run.ts`, which still has a network. */
export const TOOLS_VARIABLE = "POSTERN_MEASURING_TOOLS";
export const TOOLS_REASON = "POSTERN_MEASURING_TOOLS_REASON";

/** How the machine knows the disk; see `inside.ts`. */
export const TOOLS_LABEL = "measuring";

const SUITE = "trixie";
const PACKAGES = ["lynis", "nmap", "openscap-scanner", "ssg-debderived", "ssh-audit"];
/** The one content that is evaluated; the others are 60 MB. */
const CONTENT = "usr/share/xml/scap/ssg/content";
const WANTED = "ssg-ubuntu2404-ds.xml";
const DISK_MIB = 512;

/**
 * Unpacks the tools from Debian's archive, with the libraries that they need, and installs nothing: neither
 * the host nor the image ever has them. Kept in the cache until the list changes.
 */
export async function fetchTools(): Promise<Tools> {
  // Beside what the archive answered otherwise, where `clean --all` finds it.
  const folder = cacheFolder({ cwd: process.cwd(), env: process.env }).facts;
  const key = fingerprintText(SUITE, ...PACKAGES, WANTED, TOOLS_LABEL).slice(0, 16);
  const kept = join(folder, `measuring-${key}`);
  const tools = { tree: join(kept, "tree"), disk: join(kept, "tools.img") };
  if (await isThere(kept)) return tools;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const work = await mkdtemp(join(folder, "measuring-new-"));
  try {
    await makeTools({ tree: join(work, "tree"), disk: join(work, "tools.img") });
    await rename(work, kept);
  } catch (error) {
    // Another run may have been quicker.
    if (!(await isThere(kept))) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return tools;
}

async function makeTools({ tree, disk }: Tools): Promise<void> {
  await run(
    "mmdebstrap",
    [
      ...["--variant=extract", "--mode=root", "--format=directory", `--include=${PACKAGES.join(",")}`],
      ...['--aptopt=APT::Install-Recommends "false"', '--aptopt=Acquire::Retries "3"'],
      ...['--aptopt=Acquire::http::Timeout "20"', SUITE, tree],
    ],
    { timeout: 300_000 },
  );
  const content = join(tree, CONTENT);
  for (const name of await readdir(content)) if (name !== WANTED) await rm(join(content, name));
  // Packages are unpacked and not installed, so nothing has made these.
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    if (!(await isThere(join(tree, name)))) await symlink(`usr/${name}`, join(tree, name));
  }
  for (const name of ["dev", "proc", "sys"]) await mkdir(join(tree, name), { recursive: true });
  const options = ["-q", "-t", "ext4", "-O", "^has_journal", "-L", TOOLS_LABEL, "-d", tree];
  await run("mke2fs", [...options, disk, `${DISK_MIB}M`]);
}

/** Fetches them for a run that may want them, and says in its environment where they lie or why not. */
export async function offerTools(env: NodeJS.ProcessEnv): Promise<void> {
  try {
    if (process.getuid?.() !== 0) throw new Error("a tap and a tree of another system take root");
    env[TOOLS_VARIABLE] = JSON.stringify(await fetchTools());
  } catch (error) {
    env[TOOLS_REASON] = messageOf(error);
  }
}

/** What `offerTools` left: the tools, or the reason why there are none. */
export function offeredTools(env: NodeJS.ProcessEnv): Tools | { reason: string } {
  const reason = env[TOOLS_REASON] ?? "no tools were offered; start with tests/boot/run.ts";
  const parsed: unknown = JSON.parse(env[TOOLS_VARIABLE] ?? "null");
  if (typeof parsed !== "object" || parsed === null) return { reason };
  if (!("tree" in parsed && "disk" in parsed)) return { reason };
  return { tree: String(parsed.tree), disk: String(parsed.disk) };
}

/** Lets the tree's programs see this namespace's devices and processes; it goes with the mount namespace. */
export async function furnishTree({ tree }: Tools): Promise<void> {
  for (const name of ["dev", "proc", "sys"]) await run("mount", ["--rbind", `/${name}`, join(tree, name)]);
}

/** Runs one of them on the host. @returns standard output. */
export async function runTool(
  { tree }: Tools,
  command: readonly string[],
  okCodes: readonly number[] = [0],
): Promise<string> {
  // The archive's alternatives system would link these two; it has not run here.
  const library = ["blas", "lapack"].map((name) => `/usr/lib/x86_64-linux-gnu/${name}`).join(":");
  const env = { LD_LIBRARY_PATH: library, HOME: "/tmp", NO_COLOR: "1" };
  return (await run("chroot", [tree, ...command], { env, okCodes, timeout: 400_000 })).stdout;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
