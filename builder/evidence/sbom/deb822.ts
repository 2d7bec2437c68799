/** Fields of a paragraph by their names in lower case. The first line of a value, then the others as they stand. */
export type Paragraph = ReadonlyMap<string, string>;

const FIELD = /^([!-,./-9;-~][!-9;-~]*):[ \t]*(.*)$/;

/**
 * Paragraphs of fields with values that may go on in lines that begin with a blank.
 *
 * @throws SyntaxError for a line that is neither, and for a field that is there twice.
 * @see deb822(5)
 */
export function parseDeb822(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let fields = new Map<string, string>();
  let name: string | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") {
      if (fields.size > 0) paragraphs.push(fields);
      fields = new Map();
      name = undefined;
    } else if (/^[ \t]/.test(line) && name !== undefined) {
      fields.set(name, `${fields.get(name)}\n${line}`);
    } else if (!line.startsWith("#")) {
      const [, field, value = ""] = FIELD.exec(line) ?? [];
      name = field?.toLowerCase();
      if (name === undefined) throw new SyntaxError(`line ${index + 1} is no field`);
      if (fields.has(name)) throw new SyntaxError(`line ${index + 1}: ${name} is there twice`);
      fields.set(name, value.trim());
    }
  }
  if (fields.size > 0) paragraphs.push(fields);
  return paragraphs;
}

/** The lines of a text after the first, without the blank before each; a lone dot is an empty line. */
export function extendedText(value: string): string {
  const lines = value.split("\n").slice(1);
  return lines
    .map((line) => line.slice(1).trimEnd())
    .map((line) => (line.trim() === "." ? "" : line))
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}
