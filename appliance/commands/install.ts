import { execve, exit } from "node:process";
import { printBanner } from "../console/console.ts";
import { runInstallConsole } from "../console/install/console.ts";
import { quietKernel } from "../console/terminal/kernel.ts";
import { PosternError } from "../error.ts";
import type { RunCommand } from "./command.ts";

/** The console of the installation medium on this terminal. */
export const run: RunCommand = async ({ system, release }, { flags }) => {
  printBanner(release);
  const { stdin, stdout, env } = process;
  const line = env.POSTERN_TTY;
  const isPlain = flags.has("plain") || !stdin.isTTY || !stdout.isTTY || (env.TERM ?? "dumb") === "dumb";
  const restoreKernel = line === undefined ? () => {} : quietKernel(system.paths, line);
  process.on("exit", restoreKernel);
  process.on("SIGTERM", () => exit(0));
  // A line that is cut does not end an installation half-way.
  process.on("SIGHUP", () => {});
  return runInstallConsole({ system, release, input: stdin, output: stdout, isPlain, line, shell });
};

/**
 * The shell takes the place of this process, so that nobody else reads its keys. perl waits until a slow line
 * has taken what was written last.
 */
function shell(): never {
  const env = {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    TERM: process.env.TERM ?? "dumb",
    LANG: "C.UTF-8",
    SHELL: "/bin/bash",
  };
  process.stdin.setRawMode?.(false);
  const program = 'use POSIX (); POSIX::tcdrain(1); exec {"/bin/bash"} "-bash";';
  execve?.("/usr/bin/perl", ["perl", "-e", program], env);
  throw new PosternError({
    code: "host.login",
    message: "A shell cannot be started.",
    hint: "Restart the server.",
  });
}
