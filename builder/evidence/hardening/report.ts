import type { Overlay, OverlayCheck, OverlayException } from "../../overlays/overlay.ts";
import type { BaseId } from "../../recipe/recipe.ts";

/** What the booted machine answered to one check, as the build keeps it. */
export interface Answer {
  overlay: string;
  id: string;
  passed: boolean;
  exit: number;
  stdout: string;
}

/** One check of the report: what was asked, what had to come, what came. */
export interface CheckedControl {
  id: string;
  /** The control that it answers for: `K1` of `K1-bpf`; absent where a check has a name of its own. */
  control?: string;
  title: string;
  does?: string;
  command: readonly string[];
  expected: { exit: number; stdout?: string };
  found: { exit: number; stdout: string };
  passed: boolean;
  cis: readonly string[];
}

/** One concern of the image. */
export interface ReportSection {
  id: string;
  title: string;
  checks: readonly CheckedControl[];
  /** Controls that it answers for by what it installs or lays, and that no check of any overlay asks about. */
  unasked: readonly string[];
  exceptions: readonly OverlayException[];
}

/** `postern-<version>-<base>-amd64-hardening.json`. */
export interface HardeningReport {
  format: 1;
  version: string;
  base: BaseId;
  /** The date that the image carries; no clock was asked. */
  built: string;
  counts: { checks: number; passed: number; exceptions: number; cis: number };
  sections: readonly ReportSection[];
}

export interface ReportOptions {
  version: string;
  base: BaseId;
  /** Seconds since 1970. */
  epoch: number;
}

/**
 * Puts the overlays' checks and the machine's answers together, in overlay order.
 *
 * @throws Error when a check has no answer: then the answers are of another build.
 */
export function hardeningReport(
  overlays: readonly Overlay[],
  answers: readonly Answer[],
  { version, base, epoch }: ReportOptions,
): HardeningReport {
  const asked = new Set(overlays.flatMap((one) => one.checks.map(({ id }) => controlOf(id))));
  const sections = overlays.map((overlay) => section(overlay, answers, asked)).filter(hasContent);
  const checks = sections.flatMap((one) => one.checks);
  return {
    format: 1,
    version,
    base,
    built: new Date(epoch * 1000).toISOString(),
    counts: {
      checks: checks.length,
      passed: checks.filter(({ passed }) => passed).length,
      exceptions: sections.reduce((sum, { exceptions }) => sum + exceptions.length, 0),
      cis: new Set(checks.flatMap(({ cis }) => cis)).size,
    },
    sections,
  };
}

/** The report as text. The same build gives the same bytes. */
export function reportText(report: HardeningReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

function section(
  overlay: Overlay,
  answers: readonly Answer[],
  asked: ReadonlySet<string | undefined>,
): ReportSection {
  const own = answers.filter((answer) => answer.overlay === overlay.id);
  const checks = overlay.checks.map((check) => checkedControl(overlay.id, check, own));
  return {
    id: overlay.id,
    title: overlay.title,
    checks,
    unasked: overlay.controls.filter((control) => !asked.has(control)),
    exceptions: overlay.exceptions,
  };
}

function checkedControl(overlay: string, check: OverlayCheck, answers: readonly Answer[]): CheckedControl {
  const answer = answers.find(({ id }) => id === check.id);
  if (answer === undefined) throw new Error(`no answer to check ${check.id} of overlay ${overlay}`);
  const control = controlOf(check.id);
  return {
    id: check.id,
    ...(control === undefined ? {} : { control }),
    title: check.title,
    ...(check.does === undefined ? {} : { does: check.does }),
    command: check.command,
    expected: { exit: check.exit, ...(check.stdout === undefined ? {} : { stdout: check.stdout }) },
    // What a command says on standard error is its own talk, with times in it; no check is judged by it.
    found: { exit: answer.exit, stdout: answer.stdout },
    passed: answer.passed,
    cis: check.cis,
  };
}

function controlOf(check: string): string | undefined {
  return /^[A-Z]\d+(?=-|$)/.exec(check)?.[0];
}

function hasContent({ checks, exceptions, unasked }: ReportSection): boolean {
  return checks.length + exceptions.length + unasked.length > 0;
}
