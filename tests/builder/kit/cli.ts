import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { scratch } from "../../kit/scratch.ts";
import type { Steering } from "./stages.ts";

export const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));
const CLI = {
  real: join(PROJECT, "builder/cli.ts"),
  fixture: join(PROJECT, "tests/builder/kit/fixture-cli.ts"),
};

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  cli?: keyof typeof CLI;
  cwd: string;
  env?: Steering & Readonly<Record<string, string>>;
  /** Put in front of the command line. */
  wrap?: readonly string[];
}

/** A command line that runs. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** Starts the builder as a person would: a process of its own. */
export function startCli(args: readonly string[], options: CliOptions): Running {
  const line = [...(options.wrap ?? []), process.execPath, CLI[options.cli ?? "fixture"], ...args];
  const [command = "", ...rest] = line;
  const { SOURCE_DATE_EPOCH: _, POSTERN_CACHE: __, ...env } = process.env;
  const child = spawn(command, rest, {
    cwd: options.cwd,
    env: { ...env, NO_COLOR: "1", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, ended: endOf(child) };
}

/** What a process said, when it has ended. */
export function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

export function runCli(args: readonly string[], options: CliOptions): Promise<Ended> {
  return startCli(args, options).ended;
}

/** A folder with a cache and an output folder in it, and a build of the fixture there. */
export interface Place {
  folder: string;
  cache: string;
  out: string;
  build(args?: readonly string[], env?: CliOptions["env"], wrap?: readonly string[]): Promise<Ended>;
  start(args?: readonly string[], env?: CliOptions["env"]): Running;
}

export async function place(t: ExecutionContext): Promise<Place> {
  const folder = await scratch(t);
  const cache = join(folder, "cache");
  const out = join(folder, "dist");
  await mkdir(join(folder, "home"));
  const words = ["build", "--recipe=/dev/null", `--cache=${cache}`, `--out=${out}`];
  const envOf = (env: CliOptions["env"]) => ({ HOME: join(folder, "home"), ...env });
  return {
    folder,
    cache,
    out,
    build: (args = [], env = {}, wrap = []) =>
      runCli([...words, ...args], { cwd: folder, env: envOf(env), wrap }),
    start: (args = [], env = {}) => startCli([...words, ...args], { cwd: folder, env: envOf(env) }),
  };
}
