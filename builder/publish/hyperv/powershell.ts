/** A value of a script: PowerShell's own strings, whole numbers, and `$true`. */
export type PowerShellValue = string | number | true;

/**
 * A value as Windows PowerShell 5.1 reads it, in ASCII only: it takes a file without a mark for the code page of the
 * machine, and five kinds of typographic quotes for quotes. Nothing in a single-quoted string is expanded, and a quote
 * in it is written twice (about_Quoting_Rules). Other characters are joined by their code unit.
 */
export function powerShellLiteral(value: PowerShellValue): string {
  if (value === true) return "$true";
  if (typeof value === "number") return String(value);
  const parts = value.match(/[\x20-\x7e]+|[^\x20-\x7e]/g) ?? [];
  const terms = parts.map((part) => (/^[\x20-\x7e]/.test(part) ? quoted(part) : `[char]${unit(part)}`));
  if (terms.length === 0) return "''";
  // The first term decides what + means, and two characters would be added up as numbers.
  const joined = terms[0]?.startsWith("[") === true ? ["''", ...terms] : terms;
  return joined.length === 1 ? joined.join("") : `(${joined.join(" + ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function unit(character: string): string {
  return `0x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
