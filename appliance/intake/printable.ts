/** What strangers wrote must not move a terminal's cursor. */
export function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\n]/g, "?").trimEnd();
}
