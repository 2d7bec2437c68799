import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf, PosternError } from "../error.ts";
import type { Trust } from "../evidence/checks/reader.ts";
import { type FileVerdict, verifyPath } from "../evidence/verify.ts";
import { hasCode } from "../host/faults.ts";
import { bytesText } from "../host/text.ts";
import { chooseReporter } from "../pipeline/report/choose.ts";
import { progressFor } from "../pipeline/report/progress.ts";
import type { Call, Command } from "./command.ts";
import { reportFailure } from "./failure.ts";
import { hasFlag, textFlag } from "./flags.ts";
import { JSON_FLAG } from "./options.ts";

const ALLOWED_SIGNERS = "--allowed-signers";

/** Reads images and all that lies beside them back. */
export const verifyCommand: Command = {
  flags: [{ name: ALLOWED_SIGNERS, kind: "text" }, JSON_FLAG],
  words: { most: 1, what: "file or folder" },
  run: verify,
};

const DEFAULT_PATH = "dist";

async function verify({ words, flags, world, signal }: Call): Promise<number> {
  const path = resolve(world.cwd, words[0] ?? DEFAULT_PATH);
  const trust = await trustOf(textFlag(flags, ALLOWED_SIGNERS), world.cwd);
  const reporter = chooseReporter(false, world.stdout, world.stderr, world.env.TERM);
  const verdicts = await verifyPath(path, signal, progressFor(reporter, null), trust)
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
  // Not thrown: the verdicts are the one document on standard output.
  const error = new PosternError({
    code: "artifact.verify",
    message: `${bad.length} of ${verdicts.length} files are not what they should be: ${bad.map(({ file }) => file).join(", ")}`,
    hint: "Do not use them. Fetch them again, or build again: ./postern build.",
  });
  return reportFailure(world, false, error);
}

/** ssh-keygen says of a file that holds nothing only that nobody matched. */
async function trustOf(named: string | undefined, cwd: string): Promise<Trust> {
  if (named === undefined) return {};
  const allowedSigners = resolve(cwd, named);
  const text = await readFile(allowedSigners, "utf8").catch((cause: unknown) => {
    throw signersError(`${named} cannot be read: ${messageOf(cause)}`, cause);
  });
  const lines = text.split("\n").filter((line) => /^[^#\s]/.test(line));
  if (lines.length === 0) throw signersError(`${named} allows nobody`);
  const bare = lines.find((line) => KEY_TYPE.test(line));
  if (bare !== undefined)
    throw signersError(`${named}: a line begins with a key, and not with whose key it is`);
  return { allowedSigners };
}

/** How a line of a .pub file begins. */
const KEY_TYPE = /^(ssh-|ecdsa-|sk-)\S+\s/;

function signersError(message: string, cause?: unknown): PosternError {
  return new PosternError({
    ...{ code: "input.allowed-signers", message },
    hint: "A line is a name and a public key: release@example.org ssh-ed25519 AAAA...; docs/evidence.md.",
    ...(cause === undefined ? {} : { cause }),
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
