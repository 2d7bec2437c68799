import { execve, exit } from "node:process";
import { printBanner, runConsole } from "../console/console.ts";
import { quietKernel } from "../console/terminal/kernel.ts";
import { PosternError } from "../error.ts";
import type { RunCommand } from "./command.ts";
import { PATIENCE } from "./patience.ts";

/**
 * The console on this terminal. `POSTERN_TTY` names the line where it is the machine's own console, which is
 * started again whenever it ends.
 */
export const run: RunCommand = async ({ system, release }, { flags }) => {
  printBanner(release);
  const { stdin, stdout, env } = process;
  const line = env.POSTERN_TTY;
  const isPlain = flags.has("plain") || !stdin.isTTY || !stdout.isTTY || (env.TERM ?? "dumb") === "dumb";
  const restoreKernel = line === undefined ? () => {} : quietKernel(system.paths, line);
  process.on("exit", restoreKernel);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => exit(0));
  return runConsole({
    system,
    release,
    input: stdin,
    output: stdout,
    isPlain,
    line,
    patience: PATIENCE,
    login: () => login(line ?? "tty1"),
  });
};

/**
 * A login is a unit of its own that takes the terminal, because this one may do less than an administrator. When
 * the session ends, that unit starts the console again.
 *
 * perl waits until a slow line has taken what was written last; the hang-up in between would drop it.
 */
function login(line: string): never {
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };
  const unit = `postern-login@${line}.service`;
  const program =
    'use POSIX (); POSIX::tcdrain(1); exec {"systemctl"} "systemctl", "--no-block", "start", $ARGV[0];';
  execve?.("/usr/bin/perl", ["perl", "-e", program, unit], env);
  throw new PosternError({ code: "host.login", message: "login cannot be started.", hint: "Use SSH." });
}
