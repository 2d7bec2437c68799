import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PAGES } from "./generate/pages.ts";

/** Writes the pages that are made from the code: `npm run docs`. */
for (const [file, make] of Object.entries(PAGES)) {
  writeFileSync(fileURLToPath(new URL(file, import.meta.url)), make());
  console.log(`docs/${file}`);
}
