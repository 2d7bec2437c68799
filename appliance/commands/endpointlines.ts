import type { ServiceTest, TestedUrl } from "../check/services.ts";
import type { Catalogue } from "../endpoints/catalogue.ts";
import type { Breadth } from "../endpoints/entry.ts";
import type { EntryVerdict, Explanation } from "../endpoints/explain.ts";
import type { OpenedName } from "../endpoints/opened.ts";

/** What is open, one name a line. */
export function openedLines(names: readonly OpenedName[], { version }: Catalogue): string[] {
  const rows = names.map(({ name, ports, services, why, opens }) => [
    name,
    ports.join(","),
    why.join(","),
    opens === undefined ? services.join("; ") : `${services.join("; ")} - opens ${opens}`,
  ]);
  const widths = [0, 1, 2].map((index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return [
    `${names.length} names are open; catalogue of ${version}. A name with a dot in front stands for every name below too.`,
    ...rows.map((row) =>
      row
        .map((part, index) => part.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    ),
  ];
}

const BREADTH_WORDS: Readonly<Record<Breadth, string>> = {
  microsoft: "run by Microsoft for this",
  shared: "run by Microsoft, shared by all tenants",
  workspace: "your own workspace",
  broad: "other tenants control it",
};

/** Everything that is known of an entry. */
export function entryLines(
  { entry, title, choices, obstacles }: EntryVerdict,
  { sources }: Catalogue,
): string[] {
  const row = (name: string, text: string) => `  ${name.padEnd(15)}${text}`;
  const tests = (entry.tests ?? []).map(({ method, path, expect }) => `${method} ${path} gives ${expect}`);
  const known = entry.sources.flatMap((id) => sources.filter((source) => source.id === id));
  return [
    entry.host,
    row("For", entry.when === undefined ? entry.purpose : `${entry.purpose} (${entry.when})`),
    row("Service", `${title} (turned on by ${choices.join(", ")})`),
    row("Ports", entry.ports.join(", ")),
    row("Clouds", entry.clouds.join(", ")),
    row("Regions", entry.regions.join(", ")),
    row("Connectivity", entry.connectivity.join(", ")),
    row("Asked for by", entry.os.join(", ")),
    row("Required", entry.required ? "yes" : "no"),
    row("Breadth", entry.opens === undefined ? BREADTH_WORDS[entry.breadth] : `it opens ${entry.opens}`),
    ...(entry.path === undefined ? [] : [row("Fetched there", entry.path)]),
    ...(entry.narrower === undefined ? [] : [row("Narrower", entry.narrower.join(", "))]),
    ...(entry.instead === undefined ? [] : [row("Instead", entry.instead)]),
    ...tests.map((text, index) => row(index === 0 ? "Tests" : "", text)),
    ...known.map(({ title: name, date, url }, index) =>
      row(index === 0 ? "Sources" : "", `${name}, ${date}: ${url}`),
    ),
    row("Confidence", entry.confidence),
    ...(obstacles.length === 0
      ? [row("Now", "open")]
      : obstacles.map(({ why }, index) =>
          row(index === 0 ? "Now" : "", index === 0 ? `closed: ${why}` : why),
        )),
    "",
  ];
}

/** Why a host is let through or refused, and what would open it. */
export function explanationLines(explanation: Explanation, catalogue: Catalogue): string[] {
  const { host, ports, entries, extra } = explanation;
  if (ports.length > 0) {
    return [
      `${host} is allowed on port ${ports.join(" and ")}.`,
      ...entries
        .filter(({ obstacles }) => obstacles.length === 0)
        .map(({ entry, title, choices }) => `  ${entry.host}: ${title} (${choices.join(", ")})`),
      ...extra.map(
        (one) => `  ${one.host}: an extra destination of the settings${one.label ? `, ${one.label}` : ""}`,
      ),
    ];
  }
  if (entries.length === 0) {
    return [
      `${host} is refused: it is not in the catalogue of ${catalogue.version}, and no extra destination names it.`,
      `  It would be opened by an extra destination: ${extraSetting(host)}`,
    ];
  }
  const near = entries.slice(0, MOST_ENTRIES);
  return [
    `${host} is refused.`,
    ...near.flatMap((verdict) => closedLines(verdict, host)),
    ...(entries.length > near.length
      ? [`  and ${entries.length - near.length} more entries; --json has all`]
      : []),
    "  Settings are changed by posternctl setup, or in /etc/postern/settings.yaml and posternctl apply.",
  ];
}

/** The nearest to being opened; some names of the cloud stand in many lists. */
const MOST_ENTRIES = 3;

function closedLines({ entry, title, obstacles }: EntryVerdict, host: string): string[] {
  const settings = obstacles.flatMap(({ setting }) => (setting === undefined ? [] : [setting]));
  const isOpenable = settings.length === obstacles.length;
  return [
    `  ${entry.host}: ${title}`,
    ...obstacles.map(({ why }) => `    ${why}`),
    isOpenable
      ? `    It would be opened by ${settings.join(" and ")}`
      : `    Only an extra destination would open it: ${extraSetting(host)}`,
  ];
}

function extraSetting(host: string): string {
  return `defender.extra: [{ host: ${host}, ports: [443] }]`;
}

/** What fits on a screen beside the other services. */
const MOST_URLS = 6;

/** A service's tests: one line, the next step, and every URL that failed. */
export function serviceLines({ id, state, detail, next, tested }: ServiceTest): string[] {
  const first = `${(state === "ok" ? "ok" : "FAILED").padEnd(7)} ${id}: ${detail}`;
  if (state === "ok") return [first];
  const odd = tested.filter(isOdd);
  return [
    first,
    ...(next === undefined ? [] : [`        ${next}`]),
    ...odd.slice(0, MOST_URLS).map((one) => `        ${urlText(one)}`),
    ...(odd.length > MOST_URLS ? [`        and ${odd.length - MOST_URLS} more; --json has all`] : []),
  ];
}

function isOdd({ expected, got }: TestedUrl): boolean {
  return typeof got === "string" || (expected !== 0 && got !== expected);
}

function urlText({ url, expected, got }: TestedUrl): string {
  return typeof got === "string" ? `${url} ${got}` : `${url} answers ${got}, expected ${expected}`;
}
