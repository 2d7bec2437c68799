import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { passwordText } from "../access/password.ts";
import { EXIT_INTERRUPTED, messageOf, PosternError } from "../error.ts";
import { firstLine } from "../export/seal.ts";
import type { Arguments } from "./command.ts";
import type { Terminal } from "./keep.ts";

/** More than anybody types; a file that is longer is another one. */
const LONGEST = 1024;
/** A slip of the finger is forgiven as often. */
export const MOST_TRIES = 3;
/** Milliseconds after which it is said what is waited for. */
const SILENCE = 3000;
/** Bits of a mode that let others in. */
const OTHERS = 0o077;

/** Where passphrases come from; a person types on the terminal that standard input is. */
export interface PassphraseOptions {
  input?: Terminal;
  /** Questions go to standard error, so that an export can go to standard output. */
  say?(text: string): void;
  /** Ends the process. */
  interrupt?(): void;
}

/** The option of every command that asks for one. */
export const PASSPHRASE_FILE = "passphrase-file";

/**
 * The passphrase that is to seal a file: from --passphrase-file, asked twice on a terminal, else the first line
 * of standard input. Never from an argument, which every process can read.
 *
 * @throws PosternError `input.passphrase`
 */
export async function newPassphrase(args: Arguments, options: PassphraseOptions = {}): Promise<string> {
  const given = await passphraseGiven(args, options);
  if (given !== undefined) {
    const { ok, problem } = worth(given);
    if (!ok) throw passphraseError(`The passphrase is too weak: expected ${problem}.`, LONGER);
    return given;
  }
  return typing(options, async (ask, say) => {
    for (;;) {
      const first = await ask("Passphrase for the export (it is not shown): ");
      const { ok, problem } = worth(first);
      if (!ok) say(`Expected ${problem}.\n`);
      else if ((await ask("The same again: ")) === first) return first;
      else say("Those were two different ones.\n");
    }
  });
}

/**
 * Opens something with a passphrase, which is asked for up to three times on a terminal.
 *
 * @param name of what is opened, for the question.
 * @throws what `open` throws, `input.passphrase` only for the last try.
 */
export async function withPassphrase<T>(
  args: Arguments,
  name: string,
  open: (passphrase: string) => Promise<T>,
  options: PassphraseOptions = {},
): Promise<T> {
  const given = await passphraseGiven(args, options);
  if (given !== undefined) return open(given);
  return typing(options, async (ask, say) => {
    for (let attempt = 1; ; attempt++) {
      const typed = await ask(`Passphrase of ${name} (it is not shown): `);
      try {
        return await open(typed);
      } catch (error) {
        const isWrong = error instanceof PosternError && error.code === "input.passphrase";
        if (!isWrong || attempt === MOST_TRIES) throw error;
        say(`${error.message}\n`);
      }
    }
  });
}

const LONGER = "Take at least 12 characters; a few words with spaces are fine.";
const WAYS = "Type it on a terminal, name a file by --passphrase-file FILE, or give it on standard input.";

/** Undefined where a person has to be asked. */
async function passphraseGiven(
  { values }: Arguments,
  { input = process.stdin, say = toStandardError }: PassphraseOptions,
): Promise<string | undefined> {
  const file = values.get(PASSPHRASE_FILE);
  if (file !== undefined) return passphraseIn(file);
  if (input.isTTY === true) return undefined;
  let text = "";
  // A session without a terminal would seem to hang.
  const timer = setTimeout(() => say("Waiting for the passphrase on standard input.\n"), SILENCE);
  for await (const chunk of input) {
    text += String(chunk);
    if (text.includes("\n") || text.length > LONGEST) break;
  }
  clearTimeout(timer);
  return lineOf(text, "standard input");
}

/** The first line of a file that nobody else can read. */
async function passphraseIn(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw passphraseError(`${path} cannot be read: ${messageOf(error)}.`, WAYS);
    },
  );
  try {
    const about = await file.stat();
    if (!about.isFile()) throw passphraseError(`${path} is no file.`, WAYS);
    if ((about.mode & OTHERS) !== 0 || ![0, process.getuid?.()].includes(about.uid))
      throw passphraseError(
        `${path} can be read by others: its mode is ${(about.mode & 0o777).toString(8).padStart(4, "0")}, its owner ${about.uid}.`,
        `chmod 0600 ${path}, as a file of root's own`,
      );
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST + 1), 0, LONGEST + 1, 0);
    return lineOf(buffer.toString("utf8", 0, bytesRead), path);
  } finally {
    await file.close();
  }
}

function lineOf(text: string, place: string): string {
  const line = firstLine(text);
  if (line === "") throw passphraseError(`No passphrase came by ${place}.`, WAYS);
  if (line.length > LONGEST)
    throw passphraseError(`The first line of ${place} has more than ${LONGEST} characters.`, WAYS);
  return line;
}

function worth(text: string): { ok: boolean; problem: string } {
  const parsed = passwordText(text);
  return parsed.ok ? { ok: true, problem: "" } : { ok: false, problem: parsed.problem };
}

function passphraseError(message: string, hint: string): PosternError {
  return new PosternError({ code: "input.passphrase", message, hint });
}

type Ask = (question: string) => Promise<string>;

/** Lets a person type lines that are not shown. */
async function typing<T>(
  { input = process.stdin, say = toStandardError, interrupt = leave }: PassphraseOptions,
  work: (ask: Ask, say: (text: string) => void) => Promise<T>,
): Promise<T> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const typed: string[] = [];
  let isOver = false;
  let wake = (): void => {};
  lines.on("line", (line) => {
    typed.push(line);
    wake();
  });
  lines.on("close", () => {
    isOver = true;
    wake();
  });
  lines.on("SIGINT", () => {
    lines.close();
    say("\n");
    interrupt();
  });
  const ask: Ask = async (question) => {
    say(question);
    while (typed.length === 0) {
      if (isOver) throw passphraseError("No passphrase was typed.", WAYS);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    say("\n");
    return typed.shift() ?? "";
  };
  try {
    return await work(ask, say);
  } finally {
    lines.close();
  }
}

function toStandardError(text: string): void {
  process.stderr.write(text);
}

function leave(): void {
  process.exit(EXIT_INTERRUPTED);
}
