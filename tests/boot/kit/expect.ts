/** Waiting for text in a stream that only grows: the core of the serial driver, without the wire. */

export interface Match {
  text: string;
  /** Capture groups of the pattern; empty for a string. */
  groups: readonly (string | undefined)[];
}

/** The text so far, and how far it has been matched. */
export class Transcript {
  #text = "";
  #cursor = 0;

  append(text: string): void {
    this.#text += text;
  }

  /** The first match after the last one; what is matched is not matched again. */
  take(pattern: string | RegExp): Match | undefined {
    const rest = this.#text.slice(this.#cursor);
    const found = find(rest, pattern);
    if (found === undefined) return undefined;
    this.#cursor += found.end;
    return found.match;
  }

  /** Everything after the last match. */
  get unread(): string {
    return this.#text.slice(this.#cursor);
  }

  get text(): string {
    return this.#text;
  }

  /** Forgets what has not been matched, so that an old prompt cannot answer a new question. */
  skip(): void {
    this.#cursor = this.#text.length;
  }

  lastLines(count: number): string {
    return this.#text.trimEnd().split("\n").slice(-count).join("\n");
  }
}

function find(text: string, pattern: string | RegExp): { match: Match; end: number } | undefined {
  if (typeof pattern === "string") {
    const at = text.indexOf(pattern);
    return at < 0 ? undefined : { match: { text: pattern, groups: [] }, end: at + pattern.length };
  }
  const found = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")).exec(text);
  if (found === null) return undefined;
  const [whole, ...groups] = found;
  return { match: { text: whole, groups }, end: found.index + whole.length };
}
