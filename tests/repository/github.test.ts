import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { parse } from "yaml";
import { PROJECT } from "../builder/kit/cli.ts";
import { type GoTool, goOrReason, LONGEST_BUILD, makeGoTool } from "../kit/gotool.ts";

const FOLDER = join(PROJECT, ".github", "workflows");
const WORKFLOWS = (await readdir(FOLDER)).sort();

const ACTIONLINT: GoTool = {
  name: "actionlint",
  folder: join(import.meta.dirname, "actionlint"),
  sources: ["go.mod", "go.sum"],
  target: "github.com/rhysd/actionlint/cmd/actionlint",
};

interface Workflow {
  on: Record<string, unknown>;
  permissions: unknown;
  jobs: Record<string, { permissions?: Record<string, string>; "timeout-minutes"?: number; steps: Step[] }>;
}

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

for (const name of WORKFLOWS) {
  test(`${name}: rights are named for each job, actions by their commit, and nothing of an event is in a command`, async (t) => {
    const text = await readFile(join(FOLDER, name), "utf8");
    const { on, permissions, jobs }: Workflow = parse(text);
    t.deepEqual(permissions, {});
    t.false("pull_request_target" in on);
    t.notRegex(text, /secrets\./);
    for (const [id, job] of Object.entries(jobs)) {
      t.true(Number(job["timeout-minutes"]) > 0, id);
      // Who may write runs nothing of the repository's own code.
      const writes = Object.values(job.permissions ?? { all: "write" }).includes("write");
      for (const { uses, run, with: given } of job.steps) {
        if (run !== undefined) {
          t.notRegex(run, /\$\{\{/, id);
          if (writes) t.notRegex(run, /\.\//, id);
        }
        if (uses === undefined) continue;
        t.regex(uses, /^actions\/[\w-]+@[0-9a-f]{40}$/);
        if (!uses.startsWith("actions/checkout@")) continue;
        t.false(writes, `${id} checks out with rights to write`);
        t.is(given?.["persist-credentials"], false);
      }
    }
    for (const line of text.split("\n").filter((one) => /\buses:/.test(one)))
      t.regex(line, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
}

test("actionlint finds nothing in the workflows, and something in a broken one", async (t) => {
  t.timeout(LONGEST_BUILD, "the first build of actionlint takes a minute");
  const found = await goOrReason(ACTIONLINT);
  if ("reason" in found) {
    t.log(`skipped, ${found.reason}`);
    return t.pass();
  }
  const program = await makeGoTool(found.go, ACTIONLINT);
  const lint = (input: string) =>
    spawnSync(program, ["-no-color", "-"], { input, encoding: "utf8", cwd: PROJECT });
  for (const name of WORKFLOWS) {
    const { status, stdout, stderr } = lint(await readFile(join(FOLDER, name), "utf8"));
    t.is(status, 0, `${name}: ${stdout}${stderr}`);
  }
  const check = await readFile(join(FOLDER, "check.yml"), "utf8");
  t.regex(lint(check.replace("contents: read", "contents: reed")).stdout, /permission/);
});

test("dependabot looks where something is to be found", async (t) => {
  const text = await readFile(join(PROJECT, ".github", "dependabot.yml"), "utf8");
  const files: Record<string, string> = {
    npm: "package.json",
    "github-actions": ".github/workflows/check.yml",
    gomod: "go.mod",
    terraform: "versions.tf",
  };
  const { version, updates } = parse(text);
  t.is(version, 2);
  for (const { "package-ecosystem": kind, directory, schedule } of updates) {
    t.regex(schedule.interval, /^(daily|weekly|monthly)$/);
    t.true(existsSync(join(PROJECT, directory, files[kind] ?? "?")), `${kind} ${directory}`);
  }
});

for (const name of ["SECURITY.md", "CONTRIBUTING.md"]) {
  test(`${name}: every link leads to something`, async (t) => {
    const text = await readFile(join(PROJECT, name), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = ""]) => target);
    t.true(links.length > 3);
    for (const target of links) t.true(existsSync(join(PROJECT, target)), target);
  });
}
