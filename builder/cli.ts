import { runCli } from "./commands/dispatch.ts";
import { hasCode } from "./host/faults.ts";

// A reader that has seen enough (`| head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (!hasCode(error, "EPIPE")) throw error;
  });
}

// mke2fs and others live where only root's PATH leads.
process.env.PATH = [process.env.PATH, "/usr/local/sbin", "/usr/sbin", "/sbin"].filter(Boolean).join(":");

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  canAsk: process.stdin.isTTY && process.stderr.isTTY,
  describe: async (recipe, host) => (await import("./stages/index.ts")).describeBuild(recipe, host),
});
