/** A line that surely fits and that every terminal can show: plain ASCII, cut with dots. */
export function cut(text: string, width: number): string {
  const plain = ascii(text);
  return plain.length > width ? `${plain.slice(0, width - 3)}...` : plain;
}

/** The same text in lines of whole words; a word that is too long is cut. Spaces at the start are kept. */
export function wrap(text: string, width: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  let line = "";
  // Two spaces inside a line are columns of a list, which is not to be pulled together.
  if (text.length <= width) return [ascii(text)];
  for (const word of ascii(text).trim().split(/ +/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? `${indent}${cut(word, width - indent.length)}` : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The same text in lines that fit, with nothing left out: what is to be copied breaks where it must. */
export function fold(text: string, width: number): string[] {
  const plain = ascii(text).trimEnd();
  const lines: string[] = [];
  let rest = plain;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const isIndent = rest.slice(0, Math.max(0, space)).trim() === "";
    const end = space <= 0 || isIndent ? width : space;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end === space ? end + 1 : end);
  }
  return [...lines, rest];
}

function ascii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?");
}
