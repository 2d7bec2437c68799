export interface SshAudit {
  failures: readonly string[];
  warnings: readonly string[];
  /** Algorithms that were looked at: with none the server was not heard. */
  algorithms: number;
}

/** Reads ssh-audit's own lines (`--batch`): each algorithm, and what is said of it. */
export function parseSshAudit(text: string): SshAudit {
  const lines = text.split("\n").map((line) => line.trim());
  const marked = (mark: string): string[] => lines.filter((line) => line.includes(`[${mark}]`));
  return {
    failures: marked("fail"),
    warnings: marked("warn"),
    algorithms: lines.filter((line) => /^\((kex|key|enc|mac)\) /.test(line)).length,
  };
}
