import type { Readable } from "node:stream";
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
  input?: string | Readable;
  /** The command may ask the person at the terminal: it gets ours, and what it says there is seen at once. */
  terminal?: boolean;
  signal?: AbortSignal;
  /** Milliseconds; none by default. */
  timeout?: number;
  /** Exit codes that count as success; [0] by default. */
  okCodes?: readonly number[];
  /** Code of the error on failure; `host.command` by default. */
  code?: ErrorCode;
  hint?: string;
}

export interface FollowOptions extends Omit<RunOptions, "input" | "terminal"> {
  /** Called with each line of standard output and standard error as it comes. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** A carriage return ends a line, too: for programs that draw their progress over and over. */
  carriageReturns?: boolean;
  /** Milliseconds between the polite signal and SIGKILL on cancel; 10 s by default. */
  grace?: number;
}

const LAST_LINES = 20;
const MOST_OUTPUT = 256 * 1024 * 1024;

/**
 * Every child speaks C and UTC, so that nobody's locale ends up in an image or breaks a parser. LANGUAGE goes
 * over LC_ALL where that is not C alone (gettext(3)).
 */
export const CHILD_ENV = { LC_ALL: "C.UTF-8", LANGUAGE: "", TZ: "UTC" } as const;

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
    ...inputOf(options),
    ...(options.terminal === true ? { stderr: ["inherit", "pipe"] as const } : {}),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
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
 * The command leads a process group of its own, and both signals go to the whole group, as a terminal's
 * Ctrl-C would: Packer's first process leaves it to its second one, mmdebstrap waits for the apt it started.
 * What is left of the group when the command has ended is killed, so nothing that it started outlives it.
 */
export async function follow(
  command: string,
  args: readonly string[],
  options: FollowOptions = {},
): Promise<void> {
  const { signal, grace = 10_000 } = options;
  signal?.throwIfAborted();
  const last: string[] = [];
  const onLine = (line: string, stream: "stdout" | "stderr"): void => {
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
    options.onLine?.(line, stream);
  };
  const child = execa("sh", ["-c", GUARD, String(grace / 1000), command, ...args], {
    ...settingsOf(options),
    stdin: "pipe",
    detached: true,
    buffer: false,
  });
  // Its output ends only when all who hold it have ended.
  child.nodeChildProcess.once("exit", () => endGroup(child.pid));
  if (child.pid !== undefined) leaders.add(child.pid);
  let force: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    signalGroup(child.pid, "SIGINT");
    force = setTimeout(() => endGroup(child.pid), grace);
  };
  signal?.addEventListener("abort", cancel, { once: true });
  const readers = (["stdout", "stderr"] as const).map(async (stream) => {
    const lines =
      options.carriageReturns === true
        ? piecesOf(child.iterable({ from: stream, binary: true }))
        : child.iterable({ from: stream });
    for await (const line of lines) onLine(String(line), stream);
  });
  try {
    await Promise.all([child, ...readers]);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ExecaError)) throw error;
    if (isOk(error.exitCode, options)) return;
    throw commandError(command, args, error, last.join("\n"), options);
  } finally {
    signal?.removeEventListener("abort", cancel);
    clearTimeout(force);
  }
}

/** Lines that end with a line feed, a carriage return or both; empty ones are left out. */
async function* piecesOf(chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) continue;
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    rest = pieces.pop() ?? "";
    yield* pieces.filter((piece) => piece !== "");
  }
  if (rest !== "") yield rest;
}

/**
 * Starts the command ("$@") with a guard beside it that reads our end of a pipe. That ends when we die, even
 * by kill -9, and then the guard stops the group as we would have: SIGINT, and after a while ($0) SIGKILL.
 */
const GUARD = `exec 3<&0
( trap "" INT; read -r _ <&3; kill -INT 0; sleep "$0"; kill -KILL 0 ) >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-`;

const leaders = new Set<number>();
// A second Ctrl-C ends us at once; these must not stay behind.
process.on("exit", () => leaders.forEach(endGroup));

/** Ends what is left of a command's process group, once the command itself is gone or we are. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  leaders.delete(leader);
  signalGroup(leader, "SIGKILL");
}

function signalGroup(leader: number | undefined, signal: "SIGINT" | "SIGKILL"): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
  }
}

function inputOf({ input, terminal }: RunOptions) {
  if (input !== undefined) return { input };
  return { stdin: terminal === true ? ("inherit" as const) : ("ignore" as const) };
}

function settingsOf(options: Omit<RunOptions, "input" | "terminal">) {
  return {
    env: { ...CHILD_ENV, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
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
  // 127 is what the shell says of a command that is not there.
  if (ending.code === "ENOENT" || ending.exitCode === 127) return "not found on this host";
  if (ending.exitCode !== undefined) return `ended with exit code ${ending.exitCode}`;
  return `ended by signal ${ending.signal ?? "unknown"}`;
}
