import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PosternError } from "../error.ts";
import { follow } from "../host/run.ts";
import { plainText, secondsText } from "../host/text.ts";
import { secondsSince } from "../pipeline/report/progress.ts";
import type { Call } from "./command.ts";
import type { failureCollector } from "./failures.ts";
import { type Counts, countsText, NO_TESTS, tapResult } from "./tap.ts";

export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
/** Milliseconds for the boot tests to end their machines on Ctrl-C. */
const GRACE = 15_000;

/** A call of this command, and what has failed in it so far. */
export interface TestCall extends Call {
  failures: ReturnType<typeof failureCollector>;
}

/** A command that is one test: it passes when it ends with 0. */
export async function oneTest(
  call: TestCall,
  title: string,
  command: readonly string[],
  talks = false,
): Promise<Counts> {
  const { stderr } = call.world;
  const start = performance.now();
  const lines: string[] = [];
  const failed = await runFailed(call, command, {}, (line) => {
    if (talks) stderr.write(`  ${plainText(line)}\n`);
    else lines.push(line);
  });
  const result = `${failed ? "not ok" : "ok"} - ${title}, ${secondsText(secondsSince(start))}`;
  if (failed) stderr.write(lines.map((line) => `  ${line}\n`).join(""));
  call.failures.take(result);
  stderr.write(`${result}\n`);
  return failed ? { ...NO_TESTS, failed: 1 } : { ...NO_TESTS, passed: 1 };
}

/** Tests that speak TAP, told line by line; a runner that fails without a failed test counts as one. */
export async function tapTests(
  call: TestCall,
  title: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  onLine: (line: string) => void = () => {},
): Promise<Counts> {
  const { stderr } = call.world;
  const start = performance.now();
  let counts = NO_TESTS;
  const failed = await runFailed(call, onNode(...args), env, (line) => {
    const result = tapResult(line);
    if (result !== undefined) counts = { ...counts, [result]: counts[result] + 1 };
    call.failures.take(line);
    onLine(line);
    stderr.write(`${line}\n`);
  });
  const none = counts.passed + counts.failed + counts.skipped === 0;
  if ((failed && counts.failed === 0) || none) {
    const line = `not ok - ${title}: the runner ${none ? "ran no test" : "failed"}`;
    call.failures.take(line);
    stderr.write(`${line}\n`);
    counts = { ...counts, failed: counts.failed + 1 };
  }
  stderr.write(`${title}: ${countsText(counts)}, ${secondsText(secondsSince(start))}\n`);
  return counts;
}

/** A script on the pinned Node. */
export function onNode(...args: readonly string[]): string[] {
  return [process.execPath, ...args];
}

/** Runs a command in the project's folder. @returns whether it failed. */
async function runFailed(
  { signal }: Call,
  [command = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<boolean> {
  const path = [dirname(process.execPath), process.env.PATH ?? ""].join(delimiter);
  try {
    await follow(command, args, {
      cwd: PROJECT,
      env: { ...env, PATH: path },
      signal,
      onLine,
      grace: GRACE,
    });
    return false;
  } catch (error) {
    if (error instanceof PosternError) return true;
    throw error;
  }
}

/** A file of a package, also where the package exports none. */
export function moduleFile(path: string): string {
  return join(PROJECT, "node_modules", path);
}
