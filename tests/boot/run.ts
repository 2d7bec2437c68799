#!/usr/bin/env node
/**
 * Runs the boot tests in a network namespace of their own: `POSTERN_DIST=dist node tests/boot/run.ts
 * [ava arguments]`. The script starts itself again inside the namespace, furnishes it, and starts ava there.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { EXIT_CODES, EXIT_INTERRUPTED, messageOf, PosternError } from "../../builder/error.ts";
import { furnishNamespace, unshareArguments } from "./kit/netns.ts";

const INSIDE = "POSTERN_BOOT_INSIDE";
const ROOT = join(import.meta.dirname, "..", "..");

async function main(args: readonly string[]): Promise<number> {
  if (process.env[INSIDE] === undefined) {
    const isRoot = process.getuid?.() === 0;
    const command = [process.execPath, import.meta.filename, ...args];
    return exitCodeOf("unshare", [...unshareArguments(isRoot), "--", ...command], { [INSIDE]: "1" });
  }
  await furnishNamespace();
  const ava = join(ROOT, "node_modules", "ava", "entrypoints", "cli.js");
  return exitCodeOf(process.execPath, [ava, "--config", "tests/boot/ava.config.js", ...args], {});
}

/** Runs a command on this terminal to its end; Ctrl-C reaches it by the terminal, and we wait for it. */
function exitCodeOf(command: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...env } });
    const interrupt = (): void => {
      child.kill("SIGINT");
    };
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);
    child.once("error", (cause) => {
      reject(
        new PosternError({
          code: "host.command",
          message: messageOf(cause),
          hint: "./postern doctor",
          cause,
        }),
      );
    });
    child.once("close", (code, signal) => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
      resolve(signal === null ? (code ?? 1) : EXIT_INTERRUPTED);
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
