#!/usr/bin/env node
/**
 * Runs the boot tests, each file in a network namespace of its own, and a file for every processor at a time:
 * `POSTERN_DIST=dist node tests/boot/run.ts [files] [ava arguments]`.
 * The script starts itself again inside for each file, furnishes the namespace, and starts ava there.
 */
import { readdir } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { basename, join, resolve } from "node:path";
import { enclose, exitCodeOf, exitWith, session } from "./kit/enclose.ts";
import { runLanes } from "./kit/lanes.ts";
import { choiceOf } from "./kit/matrix.ts";
import { furnishNamespace } from "./kit/netns.ts";
import { offerTools } from "./measures/tools.ts";

const PROJECT = resolve(import.meta.dirname, "..", "..");
const SUFFIX = ".test.ts";
/** Those that take longest come first, so that no lane is left alone with one at the end. */
const LONGEST = ["7-install", "4-running", "1-ova", "2-vhdx", "6-hardening", "5-sources"];

async function main(args: readonly string[]): Promise<number> {
  // The tests' paths are the project's, wherever this was started from.
  const dist = process.env.POSTERN_DIST;
  if (dist !== undefined) process.env.POSTERN_DIST = resolve(dist);
  process.chdir(PROJECT);
  const folder = session();
  if (folder === undefined) return runFiles(args);
  await furnishNamespace(folder);
  const ava = ["node_modules/ava/entrypoints/cli.js", "--config", "tests/boot/ava.config.js"];
  return exitCodeOf(process.execPath, [...ava, ...args]);
}

async function runFiles(args: readonly string[]): Promise<number> {
  const named = args.filter((arg) => arg.endsWith(SUFFIX));
  const rest = args.filter((arg) => !arg.endsWith(SUFFIX));
  const files = named.length > 0 ? named : await allFiles();
  // The archive is asked only where something will be measured.
  if (files.some((file) => file.includes("hardening"))) await offerTools(process.env);
  const script = import.meta.filename;
  // A pattern fits tests of some files only, and ava fails where it finds none.
  const isPicked = rest.some((arg) => arg.startsWith("--match") || arg.startsWith("-m"));
  if (files.length === 1 || isPicked) return enclose(script, [...named, ...rest]);
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());
  return runLanes(
    files,
    laneCount(),
    (file, onLine) => enclose(script, [file, ...rest], onLine),
    (line) => process.stdout.write(`${line}\n`),
    interrupted.signal,
  );
}

/** Each shard has these, and its share of their machines (`rows.ts`). */
const SHARED = ["3-matrix", "7-install"];

/** All of this shard. */
async function allFiles(): Promise<string[]> {
  const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith(SUFFIX)).sort();
  const rank = (name: string): number => {
    const found = LONGEST.indexOf(basename(name, SUFFIX));
    return found === -1 ? LONGEST.length : found;
  };
  const { index, of } = choiceOf(process.env).shard;
  return names
    .sort((a, b) => rank(a) - rank(b))
    .filter((name, at) => SHARED.includes(basename(name, SUFFIX)) || at % of === index - 1)
    .map((name) => join("tests", "boot", name));
}

/** Bytes that a machine, its emulator and what tests it take. */
const LANE_MEMORY = 4 * 1024 ** 3;

/** Most machines have one processor, and without KVM it keeps one of the host's busy. */
function laneCount(): number {
  const given = Number.parseInt(process.env.POSTERN_BOOT_LANES ?? "", 10);
  if (given > 0) return given;
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / LANE_MEMORY)));
}

await exitWith(() => main(process.argv.slice(2)));
