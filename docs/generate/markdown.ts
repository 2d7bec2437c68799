/** At the top of every generated page. */
export const GENERATED = "<!-- Made by npm run docs. Do not edit. -->\n";

/** A table, one row a line, with a line feed at the end. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows].map((row, index) =>
    index === 1 ? `|${row.join("|")}|` : `| ${row.join(" | ")} |`,
  );
  return `${lines.join("\n")}\n`;
}

/** A text that may stand in a cell. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** A value as YAML has it on one line, set as code. */
export function code(value: unknown): string {
  const text = Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
  return `\`${cell(text)}\``;
}
