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
    login,
  });
};

/**
 * login(1) hangs up the terminal for everybody else before it takes it, so it has to be this process and not
 * a child of it. When the session ends, the console's unit starts the console again.
 *
 * Node ignores SIGPIPE and SIGXFSZ, and an ignored signal stays ignored in what is started: perl sets them
 * right on the way, so that pipes in the session end as they should. It also waits until a slow line has taken
 * what was written last; hanging up would drop it.
 */
function login(): never {
  const env = { TERM: process.env.TERM ?? "linux", LANG: "C.UTF-8", PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };
  const program =
    'use POSIX (); POSIX::tcdrain(1); $SIG{PIPE} = $SIG{XFSZ} = "DEFAULT"; exec {"/bin/login"} "login";';
  execve?.("/usr/bin/perl", ["perl", "-e", program], env);
  throw new PosternError({ code: "host.login", message: "login cannot be started.", hint: "Use SSH." });
}
