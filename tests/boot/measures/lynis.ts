export interface LynisReport {
  index: number;
  tests: number;
  /** `TEST-ID: what it says`. */
  warnings: readonly string[];
  suggestions: readonly string[];
  /** `TEST-ID: points of most points`, where they are not all. */
  partial: readonly string[];
}

/** Reads lynis-report.dat (https://cisofy.com/documentation/lynis/). @throws Error without an index: then it did not finish. */
export function parseLynis(text: string): LynisReport {
  const lines = text.split("\n").map((line) => line.trim());
  const all = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  const said = (key: string): string[] => all(key).map((value) => value.split("|").slice(0, 2).join(": "));
  const index = Number(all("hardening_index")[0] ?? Number.NaN);
  if (!Number.isInteger(index)) throw new Error(`lynis gave no index:\n${text.slice(-500)}`);
  return {
    index,
    tests: Number(all("lynis_tests_done")[0] ?? 0),
    warnings: said("warning[]"),
    suggestions: said("suggestion[]"),
    partial: said("partial_points[]"),
  };
}
