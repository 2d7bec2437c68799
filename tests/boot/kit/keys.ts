/** What a terminal sends for a key, as xterm and vt220 do. */
export const KEYS = {
  enter: "\r",
  escape: "\u001b",
  up: "\u001b[A",
  down: "\u001b[B",
  right: "\u001b[C",
  left: "\u001b[D",
  space: " ",
  tab: "\t",
  backspace: "\u007f",
  "ctrl-c": "\u0003",
  "ctrl-l": "\u000c",
  "ctrl-u": "\u0015",
} as const;

export type Key = keyof typeof KEYS;
