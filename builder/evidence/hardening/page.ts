import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import Mustache from "mustache";
import { commandText } from "../../host/text.ts";
import { pageStyle } from "../style.ts";
import type { CheckedControl, HardeningReport } from "./report.ts";

const TEMPLATE = fileURLToPath(new URL("page.mustache", import.meta.url));

/** The report as one HTML page that needs nothing else: no script, no font, no picture, no address. */
export async function reportPage(report: HardeningReport): Promise<string> {
  return renderPage(await readFile(TEMPLATE, "utf8"), await pageStyle(), report);
}

/** Mustache escapes every value for HTML; nothing of the report is taken as markup. @param style ours, a style sheet */
export function renderPage(template: string, style: string, report: HardeningReport): string {
  const { counts, sections } = report;
  return Mustache.render(template, {
    ...report,
    style,
    date: report.built.slice(0, 10),
    failed: counts.checks - counts.passed,
    sections: sections.map((section) => ({
      ...section,
      checks: section.checks.map(checkView),
      unasked: section.unasked.join(", "),
      hasExceptions: section.exceptions.length > 0,
    })),
  });
}

function checkView({ command, expected, found, cis, passed, ...rest }: CheckedControl) {
  return {
    ...rest,
    verdict: passed ? "passed" : "failed",
    command: commandText(command),
    exit: found.exit,
    stdout: found.stdout,
    silent: found.stdout === "",
    wants: `exit code ${expected.exit}${expected.stdout === undefined ? "" : `, and output that matches ${expected.stdout}`}`,
    cis: cis.join(", "),
    hasCis: cis.length > 0,
  };
}
