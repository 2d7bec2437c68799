import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import Mustache from "mustache";
import { bytesText, secondsText } from "../../host/text.ts";
import type { PendingAnswer } from "../../pipeline/pending.ts";
import { type BuildRecord, buildStem } from "../record.ts";
import { NAMESPACE, signatureName } from "../signing/signature.ts";
import { pageStyle } from "../style.ts";
import { SUMS_FILE } from "../sums.ts";
import type { BootResults, BootTest } from "./boot.ts";
import { type DescribedFile, describedFiles, type ReleaseFile } from "./files.ts";
import type { HardeningFigures } from "./hardening.ts";
import { limitsOf } from "./limits.ts";
import { changesSince, type PackageChange } from "./packages.ts";
import type { Picture } from "./png.ts";
import { openWays } from "./ports.ts";

const TEMPLATE = fileURLToPath(new URL("page.mustache", import.meta.url));
const STYLE = fileURLToPath(new URL("page.css", import.meta.url));

/** Everything that a release page tells. */
export interface ReleaseFacts {
  /** Of the base: `Debian 13 (trixie)`. */
  baseTitle: string;
  record: BuildRecord;
  /** Of the statement. */
  invocation: string;
  /** All files that the build left before the page, in order. */
  files: readonly ReleaseFile[];
  hardening?: HardeningFigures;
  /** An earlier build to compare with. */
  since?: BuildRecord;
  /** `stale`: results lie there, and are of other images. */
  boot?: { results: BootResults; screens: readonly { machine: string; picture: Picture }[] } | "stale";
}

/** `postern-<version>-<base>-amd64.html` */
export function pageName(stem: string): string {
  return `${stem}.html`;
}

/** The page as text: the same facts give the same bytes. It needs nothing else: no script, no font, no address. */
export async function releasePage(facts: ReleaseFacts): Promise<string> {
  const [template, common, own] = await Promise.all([
    readFile(TEMPLATE, "utf8"),
    pageStyle(),
    readFile(STYLE, "utf8"),
  ]);
  // Every value is escaped for HTML but the style sheet, which is ours.
  return Mustache.render(template, { ...pageView(facts), style: common + own });
}

function pageView(facts: ReleaseFacts) {
  const { record, files, baseTitle, invocation, hardening, since } = facts;
  const { version, base, epoch, recipe, source, artifacts } = record;
  const stem = buildStem(record);
  const lists = describedFiles(files);
  const limits = limitsOf({ base, formats: recipe.formats });
  const limitCount = limits.length;
  return {
    ...{ version, stem, baseTitle, invocation, limits },
    date: dateText(epoch),
    commit: source?.commit ?? "no commit: the source was no git checkout",
    isModified: source?.commit !== undefined && source.modified,
    mirror: recipe.mirror ?? "the base's own archive",
    settings: recipe.settings,
    hasOverlays: recipe.overlays.length > 0,
    overlays: recipe.overlays.join(", "),
    summary: [
      { what: "Files", says: `${files.length}, ${bytesText(sumOf(files))}` },
      { what: "Hardening checks", says: hardeningText(hardening) },
      { what: "Boot tests", says: bootSummary(facts.boot) },
      { what: "Pending updates", says: pendingSummary(record.pending) },
      { what: "Package changes", says: since === undefined ? "not compared" : changeSummary(record, since) },
      { what: "Known limits", says: `${limitCount} below` },
    ],
    images: lists.image.map(fileView),
    evidence: lists.evidence.map(fileView),
    sums: SUMS_FILE,
    signature: signatureName(SUMS_FILE),
    namespace: NAMESPACE,
    record: `${stem}.build.json`,
    ways: waysView(),
    hardening: hardening === undefined ? undefined : hardeningView(hardening, artifacts, stem),
    boot: typeof facts.boot === "object" ? bootView(facts.boot) : undefined,
    isBootStale: facts.boot === "stale",
    ...pendingView(record.pending),
    since: since === undefined ? undefined : sinceView(record, since),
    packageCount: record.packages.length,
  };
}

function fileView({ name, size, sha256, use, read }: DescribedFile) {
  return { name, size: bytesText(size), sha256, use, read };
}

function waysView() {
  const { in: into, out, isOnlyIpv4 } = openWays();
  return {
    ...{ into, isOnlyIpv4 },
    out: out.map((one) => ({
      ...one,
      may: one.verdict === "accept" ? "may" : "must not",
      first: one.atFirst ? "yes" : "no",
    })),
  };
}

function hardeningView(figures: HardeningFigures, artifacts: BuildRecord["artifacts"], stem: string) {
  const report = `${stem}-hardening.html`;
  return { ...figures, report: artifacts.some(({ file }) => file === report) ? report : undefined };
}

const MARKS = { passed: "passed", failed: "failed", skipped: "skipped" } as const;

function bootView({ results, screens }: Exclude<ReleaseFacts["boot"], "stale" | undefined>) {
  const groups = [...new Set(results.tests.map(({ group }) => group))];
  return {
    scope: results.matrix === "all" ? "every machine of the matrix" : "the machines of a usual run",
    shard: results.shard,
    images: results.images.map(({ file }) => file).join(", "),
    groups: groups.map((group) => ({
      name: group === "" ? "Boot tests" : group,
      tests: results.tests
        .filter((one) => one.group === group)
        .map(({ title, result, seconds, reason }) => ({
          title,
          reason,
          verdict: MARKS[result],
          seconds: result === "skipped" ? "" : secondsText(seconds),
        })),
    })),
    screens: screens.map(({ machine, picture }) => ({ machine, ...picture })),
    hasScreens: screens.length > 0,
  };
}

function pendingView(pending: PendingAnswer | undefined) {
  const list = typeof pending === "object" ? pending : [];
  return {
    isPendingUnknown: typeof pending !== "object",
    hasPending: list.length > 0,
    isPendingNone: typeof pending === "object" && list.length === 0,
    pending: list.map((one) => ({ ...one, kind: one.security ? "security" : "other" })),
  };
}

const KINDS: readonly { kind: PackageChange["kind"]; title: string }[] = [
  { kind: "newer", title: "Newer" },
  { kind: "older", title: "Older" },
  { kind: "added", title: "Added" },
  { kind: "removed", title: "Removed" },
  { kind: "rebuilt", title: "The same version, another file" },
];

function sinceView(record: BuildRecord, since: BuildRecord) {
  const changes = changesSince(since.packages, record.packages);
  return {
    name: buildStem(since),
    date: dateText(since.epoch),
    isOtherBase: since.base !== record.base,
    base: since.base,
    kinds: KINDS.map(({ kind, title }) => ({
      title,
      rows: changes
        .filter((change) => change.kind === kind)
        .map((change) => ({
          name: change.name,
          before: "before" in change ? change.before : change.kind === "added" ? "" : change.version,
          now: change.kind === "removed" ? "" : change.version,
        })),
    })).filter(({ rows }) => rows.length > 0),
    isSame: changes.length === 0,
  };
}

function changeSummary(record: BuildRecord, since: BuildRecord): string {
  const changes = changesSince(since.packages, record.packages);
  const parts = KINDS.flatMap(({ kind }) => {
    const { length } = changes.filter((change) => change.kind === kind);
    return length === 0 ? [] : [`${length} ${kind}`];
  });
  return parts.join(", ") || "none";
}

function hardeningText(figures: HardeningFigures | undefined): string {
  if (figures === undefined) return "no report in this build";
  const { checks, passed, exceptions } = figures.counts;
  return `${passed} of ${checks} passed, ${exceptions} exceptions with their reasons`;
}

function bootSummary(boot: ReleaseFacts["boot"]): string {
  if (boot === undefined) return "not run, or their results do not lie here";
  if (boot === "stale") return "only of other images";
  const { tests, shard } = boot.results;
  const count = (result: BootTest["result"]): number => tests.filter((one) => one.result === result).length;
  const part = shard === undefined ? "" : `; part ${shard} only`;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped${part}`;
}

function pendingSummary(pending: PendingAnswer | undefined): string {
  if (typeof pending !== "object") return "the archive was not asked";
  if (pending.length === 0) return "none when it was built";
  const security = pending.filter((one) => one.security).length;
  return `${pending.length}, ${security} of them for security`;
}

function sumOf(files: readonly ReleaseFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function dateText(epoch: number): string {
  return new Date(epoch * 1000).toISOString().slice(0, 10);
}
