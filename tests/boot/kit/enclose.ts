import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { EXIT_INTERRUPTED, messageOf, PosternError } from "../../../builder/error.ts";
import { unshareArguments } from "./netns.ts";
import { makeSession, SESSION_VARIABLE } from "./session.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** Milliseconds that an interrupted run has to end by itself. */
const GRACE = 5000;
const EXIT_FAILED = 1;

/** The session's folder, or undefined while this process is not inside. */
export function session(): string | undefined {
  return process.env[SESSION_VARIABLE];
}

/** What takes the lines that a command prints; without it they go to this terminal. */
type OnLine = (line: string) => void;

/** Runs a script of ours inside the namespaces, with a session folder that goes with it. */
export async function enclose(script: string, args: readonly string[], onLine?: OnLine): Promise<number> {
  const folder = await makeSession();
  const isRoot = process.getuid?.() === 0;
  const command = [process.execPath, script, ...args];
  try {
    const env = { [SESSION_VARIABLE]: folder };
    return await exitCodeOf("unshare", [...unshareArguments(isRoot), "--", ...command], env, onLine);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a command on this terminal to its end. On an interrupt it gets SIGINT too, and SIGKILL when that
 * is not heard: `unshare` passes no signal on, but everything in the namespace dies with it.
 */
export function exitCodeOf(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  onLine?: OnLine,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const output = onLine === undefined ? "inherit" : "pipe";
    const child = spawn(command, args, {
      stdio: ["inherit", output, output],
      env: { ...process.env, ...env },
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null && onLine !== undefined) createInterface(stream).on("line", onLine);
    }
    const interrupt = (): void => {
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGKILL"), GRACE).unref();
    };
    for (const signal of SIGNALS) process.on(signal, interrupt);
    child.once("error", (cause) => {
      const hint = "./postern doctor";
      reject(new PosternError({ code: "host.command", message: messageOf(cause), hint, cause }));
    });
    child.once("close", (code, signal) => {
      for (const each of SIGNALS) process.off(each, interrupt);
      resolve(signal === null ? (code ?? EXIT_FAILED) : EXIT_INTERRUPTED);
    });
  });
}

/** Ends this script with the exit code of its work, or with an error's own. */
export async function exitWith(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    console.error(messageOf(error));
    if (error instanceof PosternError) console.error(error.hint);
    process.exitCode = error instanceof PosternError ? error.exitCode : EXIT_FAILED;
  }
}
