import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { parseSettings } from "../../appliance/settings/parse.ts";
import { type Problem, problemsError } from "../../appliance/settings/problem.ts";
import { PosternError } from "../error.ts";
import { remaster } from "../formats/iso/remaster.ts";
import { sha256File } from "../host/sha256.ts";
import { bytesText, tableText } from "../host/text.ts";
import type { Call, Command } from "./command.ts";
import { textFlag } from "./flags.ts";
import { installText } from "./installfile.ts";
import { OUT_FLAG } from "./options.ts";

/** Makes an installation medium that brings settings, or installs without a question. */
export const isoCommand: Command = {
  flags: [
    { name: "--settings", kind: "text" },
    { name: "--install-to", kind: "text" },
    { name: "--require-empty", kind: "text" },
    { name: "--then", kind: "text" },
    OUT_FLAG,
  ],
  words: { most: 1, what: "ISO" },
  run: makeIso,
};

async function makeIso({ flags, words, world, signal }: Call): Promise<number> {
  const problems: Problem[] = [];
  const [word] = words;
  if (word === undefined) problems.push({ path: "ISO", expected: "the file to start from", got: "nothing" });
  const settingsFile = textFlag(flags, "--settings");
  const install = installText(
    {
      to: textFlag(flags, "--install-to"),
      requireEmpty: textFlag(flags, "--require-empty"),
      after: textFlag(flags, "--then"),
    },
    problems,
  );
  if (settingsFile === undefined && install === undefined && problems.length === 0)
    problems.push({ path: "flags", expected: "--settings or --install-to, or both", got: "neither" });
  if (problems.length > 0 || word === undefined)
    throw problemsError("input.flags", "postern iso", problems, "./postern iso --help");

  const source = resolve(world.cwd, word);
  const out = resolve(world.cwd, textFlag(flags, "--out") ?? `${basename(word, ".iso")}-own.iso`);
  await requireOther(source, out);
  const settings =
    settingsFile === undefined ? undefined : await settingsText(resolve(world.cwd, settingsFile));
  const id = await remaster({
    ...{ source, out, signal },
    ...(settings === undefined ? {} : { settings: settings.text }),
    ...(install === undefined ? {} : { install }),
  });
  if (settings?.isSecret === true)
    world.stderr.write(`${out} holds a password's hash: keep it as you keep the password.\n`);
  const { size } = await stat(out);
  const sum = await sha256File(out, signal);
  world.stdout.write(`${tableText([[out, bytesText(size), sum]])}its mark is ${id}\n`);
  return 0;
}

/** @throws PosternError `input.settings` with every problem. */
async function settingsText(file: string): Promise<{ text: string; isSecret: boolean }> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new PosternError({
      code: "input.settings",
      message: `${file} cannot be read`,
      hint: "Name the settings with --settings FILE; docs/settings.example.yaml shows all of them.",
      cause,
    });
  });
  const { admin } = parseSettings(text, file);
  return { text, isSecret: admin.passwordHash !== undefined };
}

async function requireOther(source: string, out: string): Promise<void> {
  const found = await stat(source).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new PosternError({
      code: "input.iso",
      message: `there is no file ${source}`,
      hint: "./postern build --formats iso makes an installation medium.",
    });
  }
  const there = await stat(out).catch(() => undefined);
  if (there?.dev !== found.dev || there.ino !== found.ino) return;
  throw new PosternError({
    code: "input.iso",
    message: `${out} is the medium itself`,
    hint: "Name another file with --out FILE.",
  });
}
