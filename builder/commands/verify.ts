import { resolve } from "node:path";
import { PosternError } from "../error.ts";
import { type FileVerdict, verifyPath } from "../evidence/verify.ts";
import { hasCode } from "../host/faults.ts";
import { bytesText } from "../host/text.ts";
import { chooseReporter } from "../pipeline/report/choose.ts";
import { progressFor } from "../pipeline/report/progress.ts";
import type { Call, Command } from "./command.ts";
import { hasFlag } from "./flags.ts";
import { JSON_FLAG } from "./options.ts";

/** Reads images back. */
export const verifyCommand: Command = {
  flags: [JSON_FLAG],
  words: { most: 1, what: "file or folder" },
  run: verify,
};

const DEFAULT_PATH = "dist";

async function verify({ words, flags, world, signal }: Call): Promise<number> {
  const path = resolve(world.cwd, words[0] ?? DEFAULT_PATH);
  const reporter = chooseReporter(false, world.stdout, world.stderr, world.env.TERM);
  const verdicts = await verifyPath(path, signal, progressFor(reporter, null))
    .catch((error: unknown) => {
      throw hasCode(error, "ENOENT") ? notThere(`file or folder ${path}`) : error;
    })
    .finally(() => reporter.close());
  if (verdicts.length === 0) throw notThere(`image in ${path}`);
  world.stdout.write(
    hasFlag(flags, "--json") ? `${JSON.stringify(verdicts, null, 2)}\n` : verdictText(verdicts),
  );
  const bad = verdicts.filter(({ problems }) => problems.length > 0);
  if (bad.length === 0) return 0;
  throw new PosternError({
    code: "artifact.verify",
    message: `${bad.length} of ${verdicts.length} files are not what they should be: ${bad.map(({ file }) => file).join(", ")}`,
    hint: "Do not use them. Fetch them again, or build again: ./postern build.",
  });
}

/** Each file with everything that was looked at in a line of its own, and every fault below its check. */
export function verdictText(verdicts: readonly FileVerdict[]): string {
  return verdicts.map(fileText).join("");
}

function fileText({ file, size, checks, problems }: FileVerdict): string {
  const head = `${problems.length === 0 ? "ok " : "BAD"}  ${file}  ${bytesText(size)}\n`;
  const lines = checks.flatMap(({ name, problems: faults, leftOut }) => {
    if (leftOut !== undefined) return [`  --   ${name}: left out: ${leftOut}`];
    return [
      `  ${faults.length === 0 ? "ok " : "BAD"}  ${name}`,
      ...faults.map((fault) => `         ${fault}`),
    ];
  });
  return `${[head, ...lines.map((line) => `${line}\n`)].join("")}`;
}

function notThere(what: string): PosternError {
  return new PosternError({
    code: "input.verify",
    message: `there is no ${what}`,
    hint: "./postern verify FILE or FOLDER; the folder is dist/ where none is named.",
  });
}
