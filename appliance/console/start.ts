import { sshKey } from "../settings/fields.ts";
import type { Settings } from "../settings/settings.ts";
import { readIfThere } from "../system/files.ts";
import { type ApplyContext, applyAndShow, errorLines } from "./applying.ts";
import { type Draft, draftOf, EMPTY_DRAFT } from "./draft.ts";

/** What a machine without confirmed settings begins with. */
export type Start = { isDone: true } | { isDone: false; draft: Draft; notice: readonly string[] };

/**
 * Applies settings that somebody laid on the machine before its first boot (in its place, or baked in by the
 * recipe). Where there are none, or they do not fit, the questions follow, filled in as far as possible.
 */
export async function begin(context: ApplyContext): Promise<Start> {
  const { paths } = context.system;
  const empty = { ...EMPTY_DRAFT, sshKeys: await bakedKeys(paths.bakedKeys) };
  for (const path of [paths.settings, paths.bakedSettings]) {
    const text = await readIfThere(path);
    if (text === undefined) continue;
    try {
      const settings = await parsed(text, path);
      const applied = await applyAndShow(context, settings, text, { way: "image", detail: path });
      if (applied !== "change") return { isDone: true };
      return { isDone: false, draft: draftOf(settings), notice: [] };
    } catch (error) {
      return { isDone: false, draft: empty, notice: errorLines(error) };
    }
  }
  return { isDone: false, draft: empty, notice: [] };
}

async function parsed(text: string, path: string): Promise<Settings> {
  const { parseSettings } = await import("../settings/parse.ts");
  return parseSettings(text, path);
}

/** Keys that the recipe baked in; a line that is no key is left out, the operator sees the rest. */
async function bakedKeys(path: string): Promise<string[]> {
  const lines = ((await readIfThere(path)) ?? "").split("\n");
  return lines.flatMap((line) => {
    const key = sshKey(line);
    return key.ok ? [key.value] : [];
  });
}
