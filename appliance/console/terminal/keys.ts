import { PassThrough, type Readable } from "node:stream";

/**
 * How long the rest of an arrow key may take after its first byte, in milliseconds. Serial lines over a
 * network and slow machines cut keys apart; taken by itself the first byte would mean Esc.
 */
const KEY_GAP = 400;

/** A whole key, or a run of plain characters up to and with Enter. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals send keys as control characters.
const KEYS = /\u001b(?:\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O])|[\r\n]|[^\u001b\r\n]+|\u001b$/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const CUT_KEY = /\u001b(?:\[\[|\[[0-?]*[ -/]*|O)?$/;
/**
 * Control characters that no question knows and that a line editor would take for its own: Ctrl-D would close
 * it, Ctrl-Z would stop the whole console.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const STRAY = /[\u0000\u0002\u0004\u0006\u0007\u000e-\u0014\u0016\u0018-\u001a\u001c-\u001f]/g;
const CTRL_L = "\u000c";

export interface KeyOptions {
  /** Called for Ctrl-C instead of passing it on. */
  onInterrupt(): void;
  /** Called for Ctrl-L before it is passed on. */
  onRedraw(): void;
}

/**
 * Passes what is typed on, one key or line at a time, so that what was typed ahead of a question waits for it
 * and a key that came in two parts is still one key.
 */
export function keysOf(source: Readable, { onInterrupt, onRedraw }: KeyOptions): PassThrough {
  const keys = new PassThrough();
  let rest = "";
  let timer: NodeJS.Timeout | undefined;
  const pass = (text: string): void => {
    for (const key of text.match(KEYS) ?? []) keys.write(key);
  };
  source.setEncoding("utf8");
  source.on("data", (chunk: string) => {
    clearTimeout(timer);
    if (chunk.includes(CTRL_L)) onRedraw();
    let text = rest + chunk.replaceAll(STRAY, "");
    rest = "";
    if (text.includes("\u0003")) {
      text = text.slice(text.lastIndexOf("\u0003") + 1);
      onInterrupt();
    }
    const cut = CUT_KEY.exec(text);
    pass(cut === null ? text : text.slice(0, cut.index));
    if (cut === null) return;
    rest = cut[0];
    timer = setTimeout(() => {
      const late = rest;
      rest = "";
      pass(late);
    }, KEY_GAP);
  });
  source.on("end", () => {
    clearTimeout(timer);
    keys.end();
  });
  return keys;
}
