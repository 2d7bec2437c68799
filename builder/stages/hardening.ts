import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { reportPage } from "../evidence/hardening/page.ts";
import { hardeningReport, type ReportOptions, reportText } from "../evidence/hardening/report.ts";
import { ruleExceptions, tailoringText } from "../evidence/hardening/tailoring.ts";
import { fingerprintText } from "../host/fingerprint.ts";
import type { Overlay } from "../overlays/overlay.ts";
import type { Artifact } from "../pipeline/describe.ts";
import type { Stage } from "../pipeline/stage.ts";
import { judgeAnswers } from "./provision/answers.ts";

const JSON_FILE = "hardening.json";
const PAGE_FILE = "hardening.html";
const TAILORING_FILE = "cis-tailoring.xml";

/** Writes down what the booted machine answered to the overlays' checks, for machines and for people. */
export function hardeningStage(
  overlays: readonly Overlay[],
  options: ReportOptions,
  inputs: Readonly<Record<string, string>>,
): Stage {
  return {
    id: "hardening",
    title: "hardening report",
    needs: ["provision"],
    // The overlays' words are not in the key of "provision".
    inputs: {
      ...inputs,
      report: JSON.stringify(options),
      words: fingerprintText(JSON.stringify(said(overlays))),
    },
    outputs: [JSON_FILE, PAGE_FILE, TAILORING_FILE],
    run: async ({ input, out }) => {
      const answers = judgeAnswers(await readFile(input("provision", "checks.json"), "utf8"));
      const report = hardeningReport(overlays, answers, options);
      await writeFile(join(out, JSON_FILE), reportText(report));
      await writeFile(join(out, PAGE_FILE), await reportPage(report));
      await writeFile(join(out, TAILORING_FILE), tailoringText(ruleExceptions(overlays), options.epoch));
    },
  };
}

function said(overlays: readonly Overlay[]) {
  return overlays.map(({ id, title, checks, controls, exceptions }) => ({
    id,
    title,
    checks,
    controls,
    exceptions,
  }));
}

/** They lie beside the images; `name` is theirs without its extension. */
export function hardeningArtifacts(name: string): Artifact[] {
  return [JSON_FILE, PAGE_FILE, TAILORING_FILE].map((file) => ({
    stage: "hardening",
    file,
    name: `${name}-${file}`,
  }));
}
