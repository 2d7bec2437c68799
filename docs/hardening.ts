import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EXIT_CODES } from "../builder/error.ts";
import { measuresTable, parseMeasures } from "../builder/evidence/hardening/measures.ts";

/**
 * Puts the figures of a run of tests/boot/6-hardening.test.ts into docs/hardening.md:
 * `node docs/hardening.ts tests/boot/logs/hardening/postern-...-measures.json`.
 */
const PAGE = fileURLToPath(new URL("hardening.md", import.meta.url));
const BLOCK = /(<!-- measures -->\n)[\s\S]*(<!-- end of measures -->)/;

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("node docs/hardening.ts FILE-measures.json");
  process.exitCode = EXIT_CODES.input;
} else {
  const measures = parseMeasures(readFileSync(file, "utf8"), file);
  const exceptions = `Image: \`${measures.image}\`.\n\n${measuresTable(measures)}`;
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(
    PAGE,
    page.replace(BLOCK, (_all, start, end) => `${start}${exceptions}${end}`),
  );
  console.log("docs/hardening.md");
}
