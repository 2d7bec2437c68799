#!/usr/bin/env node
/**
 * Runs the boot tests in a network namespace of their own: `POSTERN_DIST=dist node tests/boot/run.ts
 * [ava arguments]`. The script starts itself again inside the namespace, furnishes it, and starts ava there.
 */
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EXIT_CODES, EXIT_INTERRUPTED, messageOf, PosternError } from "../../builder/error.ts";
import { furnishNamespace, unshareArguments } from "./kit/netns.ts";
import { makeSession, SESSION_VARIABLE } from "./kit/session.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** Milliseconds that an interrupted run has to end by itself. */
const GRACE = 5000;
const EXIT_FAILED = 1;

async function main(args: readonly string[]): Promise<number> {
  const session = process.env[SESSION_VARIABLE];
  return session === undefined ? outside(args) : inside(session, args);
}

async function outside(args: readonly string[]): Promise<number> {
  const session = await makeSession();
  const isRoot = process.getuid?.() === 0;
  const again = [process.execPath, import.meta.filename, ...args];
  try {
    const unshare = [...unshareArguments(isRoot), "--", ...again];
    return await exitCodeOf("unshare", unshare, { [SESSION_VARIABLE]: session });
  } finally {
    await rm(session, { recursive: true, force: true });
  }
}

async function inside(session: string, args: readonly string[]): Promise<number> {
  await furnishNamespace(session);
  const ava = join(ROOT, "node_modules", "ava", "entrypoints", "cli.js");
  return exitCodeOf(process.execPath, [ava, "--config", "tests/boot/ava.config.js", ...args], {});
}

/**
 * Runs a command on this terminal to its end. On an interrupt it gets SIGINT too, and SIGKILL when that
 * is not heard: `unshare` passes no signal on, but everything in the namespace dies with it.
 */
function exitCodeOf(command: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...env } });
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

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(messageOf(error));
  if (error instanceof PosternError) console.error(error.hint);
  process.exitCode = error instanceof PosternError ? error.exitCode : EXIT_CODES.host;
}
