import type { Catalogue } from "../endpoints/catalogue.ts";
import { catalogueDifference, openedDifference } from "../endpoints/difference.ts";
import type { Defender } from "../settings/settings.ts";

/** What fits on a screen beside the rest. The names that are opened and closed are all shown. */
const MOST_ENTRIES = 12;

/** What another catalogue changes, a line each; none where it is the same one. */
export function catalogueLines(choice: Defender, before: Catalogue, after: Catalogue): string[] {
  const { added, removed, changed } = catalogueDifference(before, after);
  const { opened, closed } = openedDifference(choice, before, after);
  if (before.version === after.version && added.length + removed.length + changed.length === 0) return [];
  const opens = new Map(after.entries.map(({ host, opens: words }) => [host, words]));
  const warned = (line: string) => {
    const words = opens.get(line.split(" ")[0] ?? "");
    return words === undefined ? line : `${line}, which is ${words}`;
  };
  return [
    before.version === after.version
      ? `Catalogue: another one of ${after.version}`
      : `Catalogue: of ${before.version} becomes of ${after.version}`,
    ...some("Entry added", added),
    ...some("Entry removed", removed),
    ...some("Entry changed", changed),
    ...opened.map((line) => `Opened for this machine: ${warned(line)}`),
    ...closed.map((line) => `Closed for this machine: ${line}`),
    ...(opened.length + closed.length === 0 ? ["For this machine the same names stay open."] : []),
  ];
}

function some(title: string, all: readonly string[]): string[] {
  const more = all.length - MOST_ENTRIES;
  return [
    ...all.slice(0, MOST_ENTRIES).map((text) => `${title}: ${text}`),
    ...(more > 0 ? [`${title}: and ${more} more`] : []),
  ];
}
