import { spawn } from "node:child_process";
import { join } from "node:path";
import test from "ava";
import { EXIT_CODES, PosternError } from "../../../builder/error.ts";
import { explainFault } from "../../../builder/host/faults.ts";
import { follow, run } from "../../../builder/host/run.ts";
import { scratch } from "../../kit/scratch.ts";
import { PROJECT } from "../kit/cli.ts";
import { fileText, isRunning, until, untilGone } from "../kit/wait.ts";

test("a command that is not there, fails or is killed is an error in words", async (t) => {
  for (const start of [run, follow]) {
    await t.throwsAsync(start("no-such-command", ["a"]), {
      message: /^no-such-command a: not found on this host/,
    });
    await t.throwsAsync(start("sh", ["-c", "echo why >&2; exit 3"]), {
      message: /ended with exit code 3\nwhy$/,
    });
    await t.throwsAsync(start("sh", ["-c", "kill -9 $$"]), { message: /ended by signal SIGKILL/ });
    await t.notThrowsAsync(start("sh", ["-c", "exit 3"], { okCodes: [3] }));
  }
});

test("arguments go as they are, and the locale is C", async (t) => {
  const words = ["a b", "$HOME", "*", "'"];
  t.is((await run("printf", ["%s|", ...words])).stdout, "a b|$HOME|*|'|");
  t.is((await run("sh", ["-c", "echo $LC_ALL $TZ"])).stdout, "C.UTF-8 UTC\n");
});

test("a carriage return ends a line only where that was asked for", async (t) => {
  const linesOf = async (options: { carriageReturns?: boolean }): Promise<string[]> => {
    const lines: string[] = [];
    // In two writes, in the middle of a letter.
    const script = "printf '1%%\\r2%% \\303'; sleep 0.1; printf '\\274\\r\\n\\nend'";
    await follow("sh", ["-c", script], { ...options, onLine: (line) => lines.push(line) });
    return lines;
  };
  t.deepEqual(await linesOf({ carriageReturns: true }), ["1%", "2% ü", "end"]);
  t.is((await linesOf({}))[0], "1%\r2% ü");
});

test("a cancelled command gets SIGINT to clean up, and what it started goes with it", async (t) => {
  const stop = new AbortController();
  const lines: string[] = [];
  const script = 'trap "echo cleaning; exit 1" INT; sleep 1000 & echo $!; wait';
  const running = follow("sh", ["-c", script], { signal: stop.signal, onLine: (line) => lines.push(line) });
  const child = Number(await until("the child's pid", async () => lines[0]));
  stop.abort(new Error("stopped"));
  await t.throwsAsync(running, { message: "stopped" });
  t.deepEqual(lines.slice(1), ["cleaning"]);
  await untilGone(child);
});

test("a command that does not hear the SIGINT is killed with all it started", async (t) => {
  const stop = new AbortController();
  const lines: string[] = [];
  const script = 'trap "" INT; sleep 1000 & echo $!; wait; sleep 1000';
  const running = follow("sh", ["-c", script], {
    signal: stop.signal,
    grace: 100,
    onLine: (line) => lines.push(line),
  });
  const child = Number(await until("the child's pid", async () => lines[0]));
  stop.abort(new Error("stopped"));
  await t.throwsAsync(running, { message: "stopped" });
  t.false(isRunning(child) && (await untilGone(child)) !== true);
});

test("what a killed builder had started goes too, even what hears no SIGINT", async (t) => {
  const mark = join(await scratch(t), "mark");
  const script = 'trap "" INT; sleep 1000 & echo "$$ $!" > "$1.new"; mv "$1.new" "$1"; wait; sleep 1000';
  const code = `import { follow } from ${JSON.stringify(join(PROJECT, "builder/host/run.ts"))};
    await follow("sh", ["-c", ${JSON.stringify(script)}, "sh", ${JSON.stringify(mark)}], { grace: 200 });`;
  const builder = spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: "ignore" });
  const pids = (await fileText(mark)).trim().split(" ").map(Number);
  t.deepEqual(pids.map(isRunning), [true, true]);
  builder.kill("SIGKILL");
  await Promise.all(pids.map(untilGone));
});

const FAULTS: [string, unknown, string | undefined][] = [
  ["a full disk", Object.assign(new Error("ENOSPC: write"), { code: "ENOSPC" }), "host.disk-full"],
  ["a quota", Object.assign(new Error("EDQUOT: write"), { code: "EDQUOT" }), "host.disk-full"],
  [
    "a tool on a full disk",
    new PosternError({ code: "host.command", message: "mke2fs: No space left on device", hint: "h" }),
    "host.disk-full",
  ],
  ["a read-only place", Object.assign(new Error("EROFS: open"), { code: "EROFS" }), "host.permission"],
  [
    "a place of somebody else",
    Object.assign(new Error("EACCES: open"), { code: "EACCES" }),
    "host.permission",
  ],
  ["another error", Object.assign(new Error("EIO"), { code: "EIO" }), undefined],
  ["no error at all", "text", undefined],
];
for (const [what, thrown, code] of FAULTS) {
  test(`${what} ${code === undefined ? "stays what it is" : `is ${code}`}`, (t) => {
    const explained = explainFault(thrown);
    if (code === undefined) t.is(explained, thrown);
    else t.like(explained, { code, exitCode: EXIT_CODES.host, cause: thrown });
  });
}
