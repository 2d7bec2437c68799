import { readReport } from "../intake/report.ts";
import type { Paths } from "../paths.ts";
import { sshKey } from "../settings/fields.ts";
import { readIfThere } from "../system/files.ts";
import { type Draft, draftOf, EMPTY_DRAFT } from "./draft.ts";
import { partsOf } from "./parts.ts";

/** What the questions of a machine without settings begin with. */
export interface Start {
  draft: Draft;
  /** What is wrong with the settings that came with this machine; empty: nothing is. */
  notice: readonly string[];
}

/**
 * The keys that the recipe baked in, and what the boot found in the ways without a keyboard but could not put in
 * force by itself (`posternctl intake`): its good values are filled in, and the notice says the rest.
 */
export async function begin(paths: Paths): Promise<Start> {
  const report = await readReport(paths);
  const draft =
    report === undefined ? EMPTY_DRAFT : { ...draftOf(report.settings), marked: partsOf(report.problems) };
  const sshKeys = draft.sshKeys.length > 0 ? draft.sshKeys : await bakedKeys(paths.bakedKeys);
  return { draft: { ...draft, sshKeys }, notice: report?.notice ?? [] };
}

/** Keys that the recipe baked in; a line that is no key is left out, the operator sees the rest. */
async function bakedKeys(path: string): Promise<string[]> {
  const lines = ((await readIfThere(path)) ?? "").split("\n");
  return lines.flatMap((line) => {
    const key = sshKey(line);
    return key.ok ? [key.value] : [];
  });
}
