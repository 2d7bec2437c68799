/** A request as a strict server reads it. */
export interface RequestHead {
  /** Request line and headers. */
  head: string;
  /** Of the body, as its one length or its chunks say. */
  bytes: number;
}

const REQUEST_LINE = /^[A-Za-z-]+ \S+ HTTP\/1\.[01]\r\n/;

/**
 * The requests in what a server was sent, one after another, each with its body taken off. Where a length has two
 * meanings nothing more is taken off, so that what is left counts as another request.
 */
export function requestHeads(sent: string): RequestHead[] {
  const found: RequestHead[] = [];
  let rest = sent;
  while (REQUEST_LINE.test(rest)) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) break;
    const head = rest.slice(0, end + 2);
    rest = rest.slice(end + 4);
    const bytes = bodyBytes(head, rest);
    found.push({ head, bytes });
    rest = rest.slice(bytes);
  }
  return found;
}

function bodyBytes(head: string, rest: string): number {
  const lengths = [...head.matchAll(/^content-length:[ \t]*(\d{1,9})[ \t]*\r$/gim)].map(
    ([, digits]) => digits,
  );
  const encodings = [...head.matchAll(/^transfer-encoding:[ \t]*(\S.*?)[ \t]*\r$/gim)].map(
    ([, coding]) => coding,
  );
  if (encodings.length === 1 && encodings[0] === "chunked" && lengths.length === 0) return chunkedBytes(rest);
  return lengths.length === 1 && encodings.length === 0 ? Number(lengths[0]) : 0;
}

/** Of chunks (RFC 9112, 7.1) to the end of the trailer; all there is where they do not end. */
function chunkedBytes(text: string): number {
  let at = 0;
  for (;;) {
    const size = /^([0-9a-f]{1,8})(?:;[^\r\n]*)?\r\n/i.exec(text.slice(at));
    if (size === null) return text.length;
    const length = Number.parseInt(size[1] ?? "", 16);
    at += size[0].length;
    if (length > 0) {
      at += length + 2;
      continue;
    }
    const end = text.indexOf("\r\n\r\n", at - 2);
    return end < 0 ? text.length : end + 4;
  }
}
