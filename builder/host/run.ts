import { ExecaError, execa } from "execa";
import { type ErrorCode, PosternError } from "../error.ts";
import { hasCode } from "./faults.ts";

/** What a finished command left. */
export interface Finished {
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  /** Added to the environment; the locale and the time zone are always C and UTC. */
  env?: Readonly<Record<string, string>>;
  /** Written to the command's standard input. */
  input?: string;
  signal?: AbortSignal;
  /** Milliseconds; none by default. */
  timeout?: number;
  /** Exit codes that count as success; [0] by default. */
  okCodes?: readonly number[];
  /** Code of the error on failure; `host.command` by default. */
  code?: ErrorCode;
  hint?: string;
}

export interface FollowOptions extends RunOptions {
  /** Called with each line of standard output and standard error as it comes. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** Milliseconds between the polite signal and SIGKILL on cancel; 10 s by default. */
  grace?: number;
}

const LAST_LINES = 20;
const MOST_OUTPUT = 256 * 1024 * 1024;

/** Every child speaks C and UTC, so that nobody's locale ends up in an image or breaks a parser. */
export const CHILD_ENV = { LC_ALL: "C.UTF-8", TZ: "UTC" } as const;

/**
 * Runs a short command to its end and returns what it printed.
 * Arguments go as an array: no shell reads them.
 *
 * @throws PosternError with `options.code` when it cannot be started, fails, or times out.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  options.signal?.throwIfAborted();
  const result = await execa(command, args, {
    ...settingsOf(options),
    stripFinalNewline: false,
    maxBuffer: MOST_OUTPUT,
    reject: false,
  });
  options.signal?.throwIfAborted();
  if (isOk(result.exitCode, options)) return { stdout: result.stdout, stderr: result.stderr };
  throw commandError(command, args, result, result.stderr || result.stdout, options);
}

/**
 * Runs a long-lived command (QEMU, Packer, mmdebstrap), line by line, and cancels it with its signal:
 * SIGINT first, because each of these cleans up after itself on it, then SIGKILL.
 *
 * The command leads a process group of its own, so that a Ctrl-C at the terminal reaches it once, through us
 * (Packer takes a second one for "at once" and leaves its VM behind), and so that nothing it started
 * outlives it. setpriv gives it the SIGINT also when we are killed and can send none.
 */
export async function follow(
  command: string,
  args: readonly string[],
  options: FollowOptions = {},
): Promise<void> {
  options.signal?.throwIfAborted();
  const last: string[] = [];
  const onLine = (line: string, stream: "stdout" | "stderr"): void => {
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
    options.onLine?.(line, stream);
  };
  const child = execa("setpriv", ["--pdeathsig", "INT", "--", command, ...args], {
    ...settingsOf(options),
    detached: true,
    buffer: false,
    killSignal: "SIGINT",
    forceKillAfterDelay: options.grace ?? 10_000,
  });
  // Its output ends only when all who hold it have ended.
  child.nodeChildProcess.once("exit", () => endGroup(child.pid));
  if (child.pid !== undefined) leaders.add(child.pid);
  const readers = (["stdout", "stderr"] as const).map(async (stream) => {
    for await (const line of child.iterable({ from: stream })) onLine(String(line), stream);
  });
  try {
    await Promise.all([child, ...readers]);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof ExecaError)) throw error;
    if (isOk(error.exitCode, options)) return;
    throw commandError(command, args, error, last.join("\n"), options);
  }
}

const leaders = new Set<number>();
// A second Ctrl-C ends us at once; these must not stay behind.
process.on("exit", () => leaders.forEach(endGroup));

/** Ends what is left of a command's process group, once the command itself is gone or we are. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  leaders.delete(leader);
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
  }
}

function settingsOf(options: RunOptions) {
  return {
    env: { ...CHILD_ENV, ...options.env },
    ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  };
}

function isOk(exitCode: number | undefined, options: RunOptions): boolean {
  return exitCode !== undefined && (options.okCodes ?? [0]).includes(exitCode);
}

interface Ending {
  exitCode?: number | undefined;
  signal?: string | undefined;
  timedOut: boolean;
  code?: string | undefined;
  cause?: unknown;
}

function commandError(
  command: string,
  args: readonly string[],
  ending: Ending,
  output: string,
  options: RunOptions,
): PosternError {
  const tail = output.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
  return new PosternError({
    code: options.code ?? "host.command",
    message:
      `${[command, ...args].join(" ").slice(0, 400)}: ${endingText(ending, options)}\n${tail}`.trimEnd(),
    hint: options.hint ?? "./postern doctor checks the host; --debug keeps the files of a failed stage.",
    ...(ending.cause === undefined ? {} : { cause: ending.cause }),
  });
}

function endingText(ending: Ending, options: RunOptions): string {
  if (ending.timedOut) return `not finished after ${options.timeout} ms`;
  // 127 is what setpriv says of a command that is not there.
  if (ending.code === "ENOENT" || ending.exitCode === 127) return "not found on this host";
  if (ending.exitCode !== undefined) return `ended with exit code ${ending.exitCode}`;
  return `ended by signal ${ending.signal ?? "unknown"}`;
}
