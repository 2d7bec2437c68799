// Runs in the VM, on the appliance's own Node: asks every check and writes the answers as data.
// Usage: node run-checks.mjs CHECKS.json ANSWERS.json
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const [checksFile, answersFile] = process.argv.slice(2);
const LONGEST = 2000;

/** Seconds after which a check is named in the build's log, so that nobody wonders where the time goes. */
const SLOW = 4;

const checks = JSON.parse(readFileSync(checksFile, "utf8"));
const answers = checks.map((check, index) => {
  const [command, ...args] = check.command;
  const start = performance.now();
  const result = spawnSync(command, args, { encoding: "utf8", timeout: 120_000, input: "" });
  const stdout = (result.stdout ?? "").trimEnd();
  const exit = result.status ?? -1;
  const seconds = (performance.now() - start) / 1000;
  if (seconds >= SLOW) console.log(`check ${check.id} took ${seconds.toFixed(0)} s`);
  if ((index + 1) % 20 === 0) console.log(`${index + 1} of ${checks.length} checks asked`);
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
