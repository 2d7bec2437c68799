import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../../builder/error.ts";
import { removeTree } from "../../../builder/host/remove.ts";
import { type Finished, run } from "../../../builder/host/run.ts";
import { exitCodeOf } from "../../boot/kit/enclose.ts";
import { treeSource } from "./tree.ts";

/** The scratch folder of a lab; its presence says that this process is inside. */
const VARIABLE = "POSTERN_LAB";
/** Where Debian and Ubuntu put it. */
const HOST_SQUID = "/usr/sbin/squid";
const TOOL_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The folder of the lab that this process is in, or undefined outside. */
export function labFolder(): string | undefined {
  return process.env[VARIABLE];
}

/**
 * Starts a script of ours again inside fresh network, mount and process namespaces, on this terminal.
 * Everything that it starts ends with it, and its folder goes.
 *
 * @returns its exit code.
 */
export function withLab(script: string, args: readonly string[] = []): Promise<number> {
  return inNamespaces([process.execPath, script, ...args], ([command, ...words], env) =>
    exitCodeOf(command, words, env),
  );
}

/** The same for a test: gives what the script printed. @throws PosternError when it fails. */
export function runInLab(
  script: string,
  args: readonly string[] = [],
  options: { timeout?: number } = {},
): Promise<Finished> {
  return inNamespaces([process.execPath, script, ...args], ([command, ...words], env) =>
    run(command, words, { env, ...options }),
  );
}

/** Why there can be no lab on this host, in words to print; undefined where there can be one. */
export async function labProblem(): Promise<string | undefined> {
  const hasTree = (await treeSource()) !== undefined;
  if (!hasTree && !existsSync(HOST_SQUID))
    return "neither a built image in the cache nor a Squid on this host";
  // The kernel lets nobody but root lay anything over the host's own root.
  if (!hasTree && !isRoot()) return "no built image in the cache, and the host's own Squid needs root";
  try {
    const [command, ...words] = unshareCommand();
    const mount = ["mount", "-t", "tmpfs", "none", "/mnt"];
    await run(command, [...words, ...mount], { env: { PATH: labPath() }, timeout: 20_000 });
    return undefined;
  } catch (error) {
    return `this host gives no namespaces to ${isRoot() ? "root" : "an ordinary user"}: ${messageOf(error)}`;
  }
}

type Command = [command: string, ...args: string[]];

async function inNamespaces<T>(
  command: readonly string[],
  start: (command: Command, env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "postern-lab-"));
  try {
    return await start([...unshareCommand(), ...command], { [VARIABLE]: folder, PATH: labPath() });
  } finally {
    await removeTree(folder);
  }
}

/** The sub-ids of an ordinary user stand for root, for Squid's account, and for the owners of the tree's files. */
function unshareCommand(): Command {
  const user = isRoot() ? [] : ["--user", "--map-root-user", "--map-auto"];
  return ["unshare", ...user, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function labPath(): string {
  return [process.env.PATH ?? "", ...TOOL_FOLDERS].filter((folder) => folder !== "").join(":");
}
