import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import type { Command } from "../../../builder/commands/command.ts";
import { helpText } from "../../../builder/commands/dispatch.ts";
import { COMMANDS } from "../../../builder/commands/registry.ts";
import { run } from "../../../builder/host/run.ts";
import { PROJECT, runCli } from "../kit/cli.ts";

for (const [name, load] of Object.entries(COMMANDS)) {
  test(`${name} --help names every flag, no other, and has examples`, async (t) => {
    const command: Command = await load();
    const help = await helpText(name);
    const named = new Set(help.split("examples")[0]?.match(/--[a-z-]+/g));
    t.deepEqual([...named].sort(), command.flags.map((flag) => flag.name).sort());
    t.regex(help, new RegExp(`^usage: ./postern ${name}`));
    t.regex(help, /\nexamples\n( {2}\.\/postern .*\n)+$/);
    const shown = await runCli([name, "--base", "--help"], { cli: "real", cwd: PROJECT });
    t.deepEqual(shown, { code: 0, stdout: help, stderr: "" });
  });
}

test("without a command: every command with a line", async (t) => {
  const { stdout, code } = await runCli([], { cli: "real", cwd: PROJECT });
  t.is(code, 0);
  for (const name of Object.keys(COMMANDS)) t.regex(stdout, new RegExp(`^  ${name} +\\S`, "m"));
});

test("every error code that the builder and the installer can give is in docs/errors.md", async (t) => {
  const { stdout } = await run("grep", [
    "-rhoE",
    '"(input|host|network|guest|artifact)\\.[a-z0-9-]+"',
    ...["builder", "appliance/disk", "appliance/install", "appliance/console/install"].map((folder) =>
      join(PROJECT, folder),
    ),
  ]);
  const docs = await readFile(join(PROJECT, "docs/errors.md"), "utf8");
  const codes = [...new Set(stdout.trim().split("\n"))].map((code) => code.slice(1, -1)).sort();
  t.true(codes.length > 10);
  t.deepEqual(
    codes.filter((code) => !docs.includes(`\`${code}\``)),
    [],
  );
});
