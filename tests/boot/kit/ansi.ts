/**
 * Takes the terminal's control sequences out of a stream, as text comes in pieces.
 * The forms are those of ECMA-48 (CSI, OSC, DCS, PM, APC, SOS and two- and three-byte escapes).
 */

const ESC = "\u001b";
const BEL = "\u0007";
/** Strings that end with BEL or with ESC backslash: OSC, DCS, SOS, PM, APC. */
const STRING_OPENERS = "]PX^_";
/** A sequence longer than this is noise of a broken line, not a sequence. */
const LONGEST = 4096;

type State = "text" | "escape" | "intermediate" | "csi" | "string" | "string-escape";

/**
 * Returns a function that takes the next piece and gives back its text. A carriage return begins a line, like a
 * line feed, and the two together begin one: a screen that is drawn row by row is read row by row.
 */
export function createStripper(): (piece: string) => string {
  let state: State = "text";
  let length = 0;
  let isAtReturn = false;
  return (piece) => {
    let text = "";
    for (const char of piece) {
      const next = step(state, char);
      if (state === "text" && next === "text") {
        if (isAtReturn && char !== "\n" && char !== "\r") text += "\n";
        isAtReturn = char === "\r";
        if (isText(char)) text += char;
      }
      length = next === "text" ? 0 : length + 1;
      state = length > LONGEST ? "text" : next;
    }
    return text;
  };
}

/** The text of one whole piece. */
export function stripAnsi(text: string): string {
  return createStripper()(text);
}

function step(state: State, char: string): State {
  if (state === "string") return char === BEL ? "text" : char === ESC ? "string-escape" : "string";
  if (state === "string-escape") return char === "\\" ? "text" : step("escape", char);
  if (char === ESC) return "escape";
  switch (state) {
    case "text":
      return "text";
    case "escape":
      if (char === "[") return "csi";
      if (STRING_OPENERS.includes(char)) return "string";
      return char >= " " && char <= "/" ? "intermediate" : "text";
    case "intermediate":
      return char >= " " && char <= "/" ? "intermediate" : "text";
    case "csi":
      // Parameters and intermediates are 0x20 to 0x3f; 0x40 to 0x7e ends it; C0 controls may stand inside.
      return char >= "@" && char <= "~" ? "text" : "csi";
  }
}

function isText(char: string): boolean {
  return char === "\n" || char === "\t" || (char >= " " && char !== "\u007f");
}
