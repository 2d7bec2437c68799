import type { Problem } from "../settings/problem.ts";
import { uniqueProblem } from "../settings/relations.ts";
import type { Catalogue, CatalogueEntry } from "./entry.ts";

/** What the parts of a catalogue have to say together. Each part is already right by itself. */
export function ruleProblems(catalogue: Catalogue): Problem[] {
  const { sources, services, entries, version } = catalogue;
  const day = version.slice(0, "2026-11-23".length);
  return [
    ...onceProblems(
      "sources",
      sources.map(({ id }) => id),
    ),
    ...onceProblems(
      "services",
      services.map(({ id }) => id),
    ),
    ...onceProblems(
      "entries",
      entries.map(({ host, service }) => `${host} of ${service}`),
    ),
    ...sources.flatMap(({ date }, index) =>
      date !== "undated" && date > day
        ? [problem(`sources[${index}].date`, `a date that is not after the version, ${version}`, date)]
        : [],
    ),
    ...entries.flatMap((entry, index) => entryProblems(entry, `entries[${index}]`, catalogue)),
  ];
}

function onceProblems(path: string, names: readonly string[]): Problem[] {
  const expected = uniqueProblem(names);
  return expected === undefined ? [] : [problem(path, expected, names.length)];
}

function entryProblems(
  entry: CatalogueEntry,
  path: string,
  { services, sources, entries }: Catalogue,
): Problem[] {
  const { host, service, ports, breadth, opens, narrower = [] } = entry;
  const problems: Problem[] = [];
  const say = (field: string, expected: string, got: unknown) =>
    problems.push(problem(`${path}.${field}`, expected, got));
  if (!services.some(({ id }) => id === service)) say("service", "the id of one of the services", service);
  for (const id of entry.sources)
    if (!sources.some((source) => source.id === id)) say("sources", "ids of the sources", id);
  if ((breadth === "broad") !== (opens !== undefined))
    say("opens", "words where breadth is broad, and only there", opens);
  if ((breadth === "workspace") !== host.startsWith("{workspace}"))
    say("breadth", "workspace where the host begins with {workspace}, and only there", breadth);
  const stars = host.split("*").length - 1;
  if (stars > 1 || (stars === 1 && /^[.{]/.test(host)))
    say("host", "at most one *, and no dot in front", host);
  // There is no list of patterns for plain HTTP.
  if (stars > 0 && ports.includes(80)) say("ports", "443 alone for a name with a *", ports);
  for (const name of narrower) {
    const isThere = entries.some((other) => other.service === service && other.host === name);
    if (!isThere || name === host) say("narrower", "names of other entries of the same service", name);
  }
  return problems;
}

function problem(path: string, expected: string, got: unknown): Problem {
  return { path, expected, got: got === undefined ? "nothing" : JSON.stringify(got) };
}
