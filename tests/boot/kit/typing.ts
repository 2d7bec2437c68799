import type { Qmp } from "./qmp.ts";

/** Keys on the machine's own keyboard, as on a US one; names are QEMU's qcodes. */

const NAMED = { "\r": "ret", "\u001b": "esc", "\t": "tab", " ": "spc", "\u007f": "backspace" } as const;

/** Signs that stand alone, and the same keys with Shift. */
const PLAIN = "-=[]\\;'`,./";
const SHIFTED = '_+{}|:"~<>?';
const QCODES = [
  "minus",
  "equal",
  "bracket_left",
  "bracket_right",
  "backslash",
  "semicolon",
  "apostrophe",
  "grave_accent",
  "comma",
  "dot",
  "slash",
] as const;
const SHIFTED_DIGITS = ")!@#$%^&*(";

/** The keys that are held together for one character. @throws Error for what a US keyboard does not have. */
export function keysFor(character: string): string[] {
  const named = Object.entries(NAMED).find(([text]) => text === character)?.[1];
  if (named !== undefined) return [named];
  if (/^[a-z0-9]$/.test(character)) return [character];
  if (/^[A-Z]$/.test(character)) return ["shift", character.toLowerCase()];
  const digit = SHIFTED_DIGITS.indexOf(character);
  if (digit !== -1) return ["shift", String(digit)];
  const plain = QCODES[PLAIN.indexOf(character)];
  if (plain !== undefined) return [plain];
  const shifted = QCODES[SHIFTED.indexOf(character)];
  if (shifted !== undefined) return ["shift", shifted];
  throw new Error(`no key for ${JSON.stringify(character)}`);
}

/** Types a text on the machine's keyboard, key by key. */
export async function typeKeys(qmp: Qmp, text: string): Promise<void> {
  for (const character of text) await pressKeys(qmp, keysFor(character));
}

/** Presses keys together: `["up"]`, `["ctrl", "l"]`. */
export async function pressKeys(qmp: Qmp, names: readonly string[]): Promise<void> {
  const keys = names.map((data) => ({ type: "qcode", data }));
  // Milliseconds; the next key has to wait until this one is up.
  const hold = 20;
  await qmp.execute("send-key", { keys, "hold-time": hold });
  await new Promise((resolve) => setTimeout(resolve, 2 * hold));
}
