import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { hasCode } from "../../builder/host/faults.ts";
import { writeWhole } from "../../builder/host/write.ts";
import { barsOf } from "./report/bars.ts";
import { benchPage } from "./report/page.ts";
import type { Results } from "./results.ts";

const DOCS = new URL("../../docs/", import.meta.url);
/** What a run leaves: its raw figures, and what is made from them. */
export const FILES = { json: "bench.json", page: "bench.md", plot: "bench.svg" } as const;

/** The results that are kept; undefined where nothing was measured yet. Trusted: our own run wrote them. */
export async function readResults(folder = fileURLToPath(DOCS)): Promise<Results | undefined> {
  try {
    const results: Results = JSON.parse(await readFile(`${folder}/${FILES.json}`, "utf8"));
    return results;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Writes the results, the page and the plot. */
export async function keepResults(results: Results, folder = fileURLToPath(DOCS)): Promise<void> {
  await writeWhole(`${folder}/${FILES.json}`, `${JSON.stringify(results, undefined, 1)}\n`);
  await writeWhole(`${folder}/${FILES.page}`, benchPage(results));
  await writeWhole(`${folder}/${FILES.plot}`, barsOf(results));
}
