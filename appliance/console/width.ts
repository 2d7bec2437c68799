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

function ascii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?");
}
