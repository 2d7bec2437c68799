/** HTTP answers, one after another, as a proxy gives them on one connection. */
export interface Answers {
  statuses: number[];
  /** What follows a tunnel's 2xx. */
  tunnel: string;
  /** Whether the last one is whole. */
  isWhole: boolean;
}

const STATUS_LINE = /^HTTP\/\d(?:\.\d)? (\d{3})/;

/**
 * Reads them strictly by their own framing; what does not look like an answer counts as status 0, such as the
 * body of an HTTP/0.9 answer.
 *
 * @param isConnect whether the first request was CONNECT: then nothing is an answer any more after a 2xx.
 */
export function parseAnswers(text: string, isConnect: boolean): Answers {
  const statuses: number[] = [];
  let rest = text;
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n");
    const status = Number(STATUS_LINE.exec(rest)?.[1] ?? 0);
    if (status === 0) return { statuses: [...statuses, 0], tunnel: "", isWhole: true };
    if (end < 0) return { statuses, tunnel: "", isWhole: false };
    statuses.push(status);
    const head = rest.slice(0, end);
    rest = rest.slice(end + 4);
    if (status >= 200 && status < 300 && isConnect) return { statuses, tunnel: rest, isWhole: true };
    const length = bodyLength(head, rest);
    if (length === undefined || rest.length < length) return { statuses, tunnel: "", isWhole: false };
    rest = rest.slice(length);
  }
  return { statuses, tunnel: "", isWhole: statuses.length > 0 };
}

/** Bytes of the body, or undefined where it goes on until the end of the connection or is not whole. */
function bodyLength(head: string, rest: string): number | undefined {
  if (/^transfer-encoding:.*chunked/im.test(head)) {
    const end = rest.indexOf("0\r\n\r\n");
    return end < 0 ? undefined : end + 5;
  }
  const length = /^content-length: *(\d{1,9})\r?$/im.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  return /^HTTP\/1\.[01] (?:1\d\d|204|304)/.test(head) ? 0 : undefined;
}
