// The real command line with the stages of the fixture in the place of the real ones.
import { runCli } from "../../../builder/commands/dispatch.ts";
import { fixtureBuild } from "./stages.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  canAsk: process.stdin.isTTY && process.stderr.isTTY,
  describe: async () => fixtureBuild(process.env),
});
