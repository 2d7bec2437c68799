import { CONTENT_PROFILE, TAILORED_PROFILE } from "../../../builder/evidence/hardening/tailoring.ts";

/** A rule's short name and what came of it. */
export interface RuleResult {
  rule: string;
  title: string;
  result: string;
}

export interface ScapFigure {
  /** Percent of the rules that passed or failed, with one decimal, cut and never rounded up. */
  percent: number;
  counts: Readonly<Record<string, number>>;
  failed: readonly string[];
}

const RULE = "xccdf_org.ssgproject.content_rule_";

/** What `oscap xccdf eval` prints: a title, a rule and a result for each. A carriage return may stand before the tab. */
export function parseOscap(text: string): RuleResult[] {
  const results: RuleResult[] = [];
  let title = "";
  let rule = "";
  for (const line of text.replaceAll("\r", "").split("\n")) {
    const [key, value = ""] = line.split("\t");
    if (key === "Title") title = value;
    if (key === "Rule") rule = value.replace(RULE, "");
    if (key === "Result") results.push({ rule, title, result: value });
  }
  return results;
}

/** @throws Error when no rule passed or failed: then nothing was evaluated. */
export function scapFigure(results: readonly RuleResult[]): ScapFigure {
  const counts: Record<string, number> = {};
  for (const { result } of results) counts[result] = (counts[result] ?? 0) + 1;
  const { pass = 0, fail = 0, error = 0, unknown = 0 } = counts;
  // A rule that could not be judged is none that passed.
  const judged = pass + fail + error + unknown;
  if (judged === 0) throw new Error(`nothing was evaluated: ${JSON.stringify(counts)}`);
  const bad = ["fail", "error", "unknown"];
  return {
    percent: Math.floor((1000 * pass) / judged) / 10,
    counts,
    failed: results
      .filter(({ result }) => bad.includes(result))
      .map(({ rule, title, result }) => `${result}: ${rule} (${title})`),
  };
}

export const SCAP_COMMAND = `oscap xccdf eval --tailoring-file ... --profile ${TAILORED_PROFILE} ssg-ubuntu2404-ds.xml (extends ${CONTENT_PROFILE})`;
