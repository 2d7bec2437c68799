// Runs in the VM, on the appliance's own Node: asks every check and writes the answers as data.
// Usage: node run-checks.mjs CHECKS.json ANSWERS.json
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const [checksFile, answersFile] = process.argv.slice(2);
const LONGEST = 2000;

const answers = JSON.parse(readFileSync(checksFile, "utf8")).map((check) => {
  const [command, ...args] = check.command;
  const result = spawnSync(command, args, { encoding: "utf8", timeout: 120_000, input: "" });
  const stdout = (result.stdout ?? "").trimEnd();
  const exit = result.status ?? -1;
  const matches = check.stdout === undefined || new RegExp(check.stdout).test(stdout);
  return {
    overlay: check.overlay,
    id: check.id,
    title: check.title,
    command: check.command,
    passed: exit === check.exit && matches,
    exit,
    stdout: stdout.slice(0, LONGEST),
    stderr: (result.stderr ?? String(result.error ?? "")).trimEnd().slice(0, LONGEST),
  };
});
writeFileSync(answersFile, JSON.stringify(answers, null, 1));
