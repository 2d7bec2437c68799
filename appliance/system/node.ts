import { type ChildProcessByStdio, spawn } from "node:child_process";
import { availableParallelism, networkInterfaces } from "node:os";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { PosternError } from "../error.ts";
import { pathsUnder } from "../paths.ts";
import type { Ran, RunOptions, System } from "./system.ts";

/** As long as the slowest of them, a restart of Squid on a machine without virtualisation support. */
const TIMEOUT = 60_000;

/** The real machine. Commands speak C and UTC, and are found in the system's folders only. */
export function realSystem(root = "/"): System {
  return { paths: pathsUnder(root), run, vcpus: availableParallelism, interfaces: networkInterfaces };
}

async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const timeout = options.timeout ?? TIMEOUT;
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(command, [...args], {
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", TZ: "UTC" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A timer of our own: the one of spawn stays, and keeps the process, when there is no such command.
  const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
  // A command that does not read its input closes the pipe early; that is no fault.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  try {
    const [{ code, signal }, stdout, stderr] = await Promise.all([
      ended,
      text(child.stdout),
      text(child.stderr),
    ]);
    if (code !== null) return { code, stdout, stderr };
    throw commandError(
      command,
      args,
      `ended by ${signal ?? "a signal"} (limit ${timeout} ms)\n${stderr.slice(-2000)}`,
    );
  } catch (error) {
    if (error instanceof PosternError) throw error;
    throw commandError(command, args, "cannot be started", error);
  } finally {
    clearTimeout(timer);
  }
}

function commandError(command: string, args: readonly string[], what: string, cause?: unknown): PosternError {
  return new PosternError({
    code: "host.command",
    message: `${[command, ...args].join(" ").slice(0, 300)}: ${what}`.trimEnd(),
    hint: "posternctl check shows the state of this machine.",
    ...(cause === undefined ? {} : { cause }),
  });
}
