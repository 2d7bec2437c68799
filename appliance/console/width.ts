/** A line that surely fits and that every terminal can show: plain ASCII, cut with dots. */
export function cut(text: string, width: number): string {
  const plain = text.replaceAll(/[^\x20-\x7e]/g, "?");
  return plain.length > width ? `${plain.slice(0, width - 3)}...` : plain;
}
