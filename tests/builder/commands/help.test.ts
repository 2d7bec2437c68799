import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import type { Command, CommandGroup } from "../../../builder/commands/command.ts";
import { helpText } from "../../../builder/commands/dispatch.ts";
import { publishCommand } from "../../../builder/commands/publish.ts";
import { COMMANDS } from "../../../builder/commands/registry.ts";
import { run } from "../../../builder/host/run.ts";
import { PROJECT, runCli } from "../kit/cli.ts";

type Load = () => Promise<Command | CommandGroup>;

const LOADS: Readonly<Record<string, Load>> = COMMANDS;
const MEMBERS = Object.entries(publishCommand.members).map(([word, load]): [string, Load] => [
  `publish ${word}`,
  load,
]);

for (const [name, load] of [...Object.entries(LOADS), ...MEMBERS]) {
  test(`${name} --help names every flag, no other, and has examples`, async (t) => {
    const command = await load();
    const help = await helpText(name);
    const named = new Set(help.split("examples")[0]?.match(/--[a-z-]+/g));
    const flags = "members" in command ? [] : command.flags.map((flag) => flag.name);
    t.deepEqual(
      [...named].filter((flag) => !("members" in command) || flag !== "--help").sort(),
      [...flags].sort(),
    );
    t.regex(help, new RegExp(`^usage: ./postern ${name}`));
    t.regex(help, /\nexamples\n( {2}\.\/postern .*\n)+$/);
    const shown = await runCli([...name.split(" "), "--base", "--help"], { cli: "real", cwd: PROJECT });
    t.deepEqual(shown, { code: 0, stdout: help, stderr: "" });
    if (!name.startsWith("publish")) return;
    const asked = await runCli(["help", ...name.split(" ")], { cli: "real", cwd: PROJECT });
    t.is(asked.stdout, help);
    const launched = await run(join(PROJECT, "postern"), ["help", ...name.split(" ")]);
    t.is(launched.stdout, help);
  });
}

test("publish --help names every platform, and another word is told", async (t) => {
  const help = await helpText("publish");
  for (const word of Object.keys(publishCommand.members)) t.regex(help, new RegExp(`^  ${word} +\\S`, "m"));
  const { code, stderr } = await runCli(["publish", "azur"], { cli: "real", cwd: PROJECT });
  t.is(code, 2);
  t.regex(stderr, /^error input\.command: .*got "azur" \(did you mean azure\?\)$/m);
});

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
