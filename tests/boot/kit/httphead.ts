/** Status line and headers of an HTTP answer. */
export interface Head {
  status: number;
  reason: string;
  /** Names in lower case; of a repeated header the last. */
  headers: ReadonlyMap<string, string>;
}

/**
 * The head and what follows it, or undefined while the head is not whole.
 * @throws Error when it does not begin like an HTTP/1 answer.
 */
export function parseHead(text: string): { head: Head; rest: string } | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const found = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(first);
  if (found === null) throw new Error(`not an HTTP answer: ${JSON.stringify(first)}`);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    head: { status: Number(found[1]), reason: found[2] ?? "", headers: new Map(headers) },
    rest: text.slice(end + 4),
  };
}
