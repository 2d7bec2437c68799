#!/usr/bin/env node
/**
 * Runs the boot tests in a network namespace of their own:
 * `POSTERN_DIST=dist node tests/boot/run.ts [ava arguments]`.
 * The script starts itself again inside, furnishes the namespace, and starts ava there.
 */
import { resolve } from "node:path";
import { enclose, exitCodeOf, exitWith, session } from "./kit/enclose.ts";
import { furnishNamespace } from "./kit/netns.ts";
import { offerTools } from "./measures/tools.ts";

async function main(args: readonly string[]): Promise<number> {
  const folder = session();
  // The tests' paths are the project's, wherever this was started from.
  const dist = process.env.POSTERN_DIST;
  if (dist !== undefined) process.env.POSTERN_DIST = resolve(dist);
  process.chdir(resolve(import.meta.dirname, "..", ".."));
  if (folder === undefined) {
    if (mayMeasure(args)) await offerTools(process.env);
    return enclose(import.meta.filename, args);
  }
  await furnishNamespace(folder);
  const ava = ["node_modules/ava/entrypoints/cli.js", "--config", "tests/boot/ava.config.js"];
  return exitCodeOf(process.execPath, [...ava, ...args]);
}

/** Whether this run may come to the measuring test: the archive is asked only then. */
function mayMeasure(args: readonly string[]): boolean {
  const files = args.filter((arg) => arg.endsWith(".test.ts"));
  return files.length === 0 || files.some((file) => file.includes("hardening"));
}

await exitWith(() => main(process.argv.slice(2)));
