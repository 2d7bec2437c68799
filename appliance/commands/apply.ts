import { readFile } from "node:fs/promises";
import { apply } from "../apply/apply.ts";
import type { StepReport } from "../apply/steps.ts";
import { probe } from "../check/all.ts";
import type { CheckResult } from "../check/check.ts";
import { EXIT_CODES, messageOf, PosternError } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import { parseSettings } from "../settings/parse.ts";
import type { System } from "../system/system.ts";
import { PATIENCE } from "./patience.ts";

/**
 * Puts a settings file in force and looks whether the machine works.
 *
 * @returns the exit code: 0, or 4 when it is in force and a look failed.
 */
export async function applyCommand(
  system: System,
  file: string | undefined,
  print: (line: string) => void,
): Promise<number> {
  const path = file ?? system.paths.settings;
  const text = await readSettings(path);
  const settings = parseSettings(text, file ?? SETTINGS);
  const { changed } = await apply(system, settings, text, (step) => print(stepLine(step)));
  print(changed.length === 0 ? "Nothing had to change." : `Changed: ${changed.join(", ")}`);
  const patience = changed.length === 0 ? 0 : PATIENCE;
  const results = await probe({ system, settings, patience }, (one) => print(checkLine(one)));
  return results.some(({ state }) => state === "fail") ? EXIT_CODES.network : 0;
}

export function stepLine({ state, title, detail, next }: StepReport): string {
  return line(state === "failed" ? "FAILED" : state, title, detail, next);
}

export function checkLine({ state, title, detail, next }: CheckResult): string {
  return line(state === "fail" ? "FAILED" : state, title, detail, next);
}

function line(state: string, title: string, detail?: string, next?: string): string {
  const said = detail === undefined || detail === "" ? "" : `: ${detail}`;
  return `${state.padEnd(7)} ${title}${said}${next === undefined ? "" : `\n        ${next}`}`;
}

async function readSettings(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new PosternError({
      code: "input.settings",
      message: `${path} cannot be read: ${messageOf(error)}`,
      hint: "Name the file: posternctl apply FILE, or let the console ask: posternctl setup",
      cause: error,
    });
  }
}
