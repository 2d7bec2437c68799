import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { COMMANDS } from "../../appliance/commands/registry.ts";
import { tempFolder } from "./kit/temp.ts";
import { testWith } from "./kit/tools.ts";

const CLI = new URL("../../appliance/cli.ts", import.meta.url).pathname;

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function posternctl(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

test("alone it lists the commands and ends as a wrong call", async (t) => {
  const { code, stdout } = await posternctl();

  t.is(code, 2);
  for (const { name } of COMMANDS) t.regex(stdout, new RegExp(`^  ${name}\\b`, "m"));
});

for (const { name, summary } of COMMANDS) {
  test(`${name} --help says what it does and its exit codes`, async (t) => {
    const { code, stdout } = await posternctl(name, "--help");

    t.is(code, 0);
    t.true(stdout.includes(summary));
    t.regex(stdout, /Exit codes: 0 done/);
    t.true(Math.max(...stdout.split("\n").map((line) => line.length)) <= 110);
    t.is((await posternctl("help", name)).stdout, stdout);
  });
}

const WRONG: [string, string[], RegExp][] = [
  ["an unknown command", ["frobnicate"], /There is no command frobnicate[\s\S]*input\.arguments/],
  ["help of an unknown command", ["help", "frobnicate"], /There is no command frobnicate/],
  ["an unknown flag", ["status", "--yaml"], /--yaml[\s\S]*input\.arguments/],
  ["too many files", ["apply", "a", "b"], /b is one argument too many/],
];
for (const [title, args, message] of WRONG) {
  testWith([], { root: true })(`${title} ends with 2 and one clear error`, async (t) => {
    const { code, stderr } = await posternctl(...args);

    t.is(code, 2);
    t.regex(stderr, message);
    t.false(stderr.includes("    at "), "no stack");
  });
}

testWith([], { root: true })("a wrong file is told with every problem, and nothing is touched", async (t) => {
  const file = join(tempFolder(t), "settings.yaml");
  writeFileSync(file, "schema: 1\nhostname: a_b\nclients: [{ cidr: 0.0.0.0/0 }]\n");

  const { code, stderr } = await posternctl("apply", file);

  t.is(code, 2);
  t.regex(stderr, /2 problems\n {2}hostname: [\s\S]* {2}clients\[0\]\.cidr: [\s\S]*input\.settings/);
});
