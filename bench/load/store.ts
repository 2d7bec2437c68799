import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hasCode } from "../../builder/host/faults.ts";
import { writeWhole } from "../../builder/host/write.ts";
import { barsOf } from "./report/bars.ts";
import { benchPage } from "./report/page.ts";
import type { Results } from "./results.ts";

const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));

/** What is made of the raw figures, by its file's name in docs/. `npm run docs` makes it again. */
export const MADE: Readonly<Record<string, (results: Results) => string>> = {
  "bench.md": benchPage,
  "bench.svg": barsOf,
};

/** The results that are kept; undefined where nothing was measured yet. Trusted: our own run wrote them. */
export function readResults(folder = DOCS): Results | undefined {
  try {
    const results: Results = JSON.parse(readFileSync(`${folder}/bench.json`, "utf8"));
    return results;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** The same where there have to be some. @throws Error where nothing was measured yet. */
export function keptResults(): Results {
  const results = readResults();
  if (results === undefined) throw new Error("docs/bench.json is not there; npm run bench makes it");
  return results;
}

/** Writes the results, the page and the plot. */
export async function keepResults(results: Results, folder = DOCS): Promise<void> {
  await writeWhole(`${folder}/bench.json`, `${JSON.stringify(results, undefined, 1)}\n`);
  for (const [name, make] of Object.entries(MADE)) await writeWhole(`${folder}/${name}`, make(results));
}
