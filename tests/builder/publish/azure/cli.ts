// The real command line with the doubles in the place of Azure; POSTERN_DOUBLES says where they are.
import { runCli } from "../../../../builder/commands/dispatch.ts";
import { connectTo, type Doubles } from "./double/connect.ts";

const doubles: Doubles = JSON.parse(process.env.POSTERN_DOUBLES ?? "{}");

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  canAsk: false,
  describe: async () => {
    throw new Error("nothing is built here");
  },
  connectAzure: connectTo(doubles),
});
