import { cut, tableText } from "../host/text.ts";
import type { Row, Verdict } from "./probe.ts";

export type Counts = Readonly<Record<Verdict, number>>;

/** What a run against one proxy found, as it is written down. */
export interface AttackReport {
  host: string;
  port: number;
  allowed: string;
  counts: Counts;
  rows: readonly Row[];
}

const WIDTH = 100;

export function countsOf(rows: readonly Pick<Row, "verdict">[]): Counts {
  const of = (verdict: Verdict): number => rows.filter((row) => row.verdict === verdict).length;
  return { held: of("held"), hole: of("hole"), limit: of("limit"), "not run": of("not run") };
}

/** `275 held, 1 hole, 3 known limits, 12 not run`. */
export function countsText({ held, hole, limit, "not run": notRun }: Counts): string {
  const holes = hole === 1 ? "1 hole" : `${hole} holes`;
  const limits = limit === 1 ? "1 known limit" : `${limit} known limits`;
  return [`${held} held`, holes, limits, `${notRun} not run`].join(", ");
}

/** For a person: each topic with its counts, then whatever did not hold in full, then what was not run. */
export function reportText({ host, port, counts, rows }: AttackReport): string {
  const topics = [...new Set(rows.map(({ topic }) => topic))].map((topic) => {
    const own = countsOf(rows.filter((row) => row.topic === topic));
    return [topic, `${own.held} held`, ...(own.hole > 0 ? [`HOLES: ${own.hole}`] : [])];
  });
  const open = rows.filter(({ verdict }) => verdict === "hole" || verdict === "limit");
  return [
    tableText(topics),
    ...open.map(rowText),
    notRunText(rows),
    `${host} port ${port}: ${countsText(counts)}\n`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function rowText({ id, title, sent, must, came, why, verdict }: Row): string {
  const head = verdict === "hole" ? "HOLE" : "known limit";
  const lines = [
    ["sent", sent],
    ["must", must],
    ["came", came],
    ["why", why],
  ];
  return `${head} ${id}: ${title}\n${tableText(
    lines.map(([name = "", text = ""]) => [name, cut(text, WIDTH)]),
    "  ",
  )}`;
}

/** How many were not run, by reason. */
function notRunText(rows: readonly Row[]): string {
  const reasons = new Map<string, number>();
  for (const { verdict, came } of rows)
    if (verdict === "not run") reasons.set(came, (reasons.get(came) ?? 0) + 1);
  return [...reasons].map(([reason, count]) => `not run: ${count}, ${reason}\n`).join("");
}
