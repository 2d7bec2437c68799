/*
 * MIME as far as cloud-init's user data needs it (RFC 2045, RFC 2046): parts within parts, each with a type and
 * an encoding. Bytes are handled as latin1, in which every byte is a character.
 */

/** One part that is not made of others. */
export interface MimePart {
  /** `text/cloud-config`, in small letters. */
  type: string;
  bytes: Buffer;
}

const MOST_PARTS = 64;
const DEEPEST = 4;

/** Whether a text is a MIME message, as cloud-init tells. */
export function isMime(text: string): boolean {
  return /^(mime-version|content-type):/i.test(text.trimStart().slice(0, 40));
}

/** The parts of a message in their order; what has no proper form is left out. */
export function mimeParts(message: Buffer): MimePart[] {
  return partsOf(message.toString("latin1").replaceAll("\r\n", "\n").trimStart(), DEEPEST).slice(
    0,
    MOST_PARTS,
  );
}

function partsOf(message: string, depth: number): MimePart[] {
  const end = message.startsWith("\n") ? 0 : message.indexOf("\n\n");
  const head = headersOf(end < 0 ? message : message.slice(0, end));
  const body = end < 0 ? "" : message.slice(end === 0 ? 1 : end + 2);
  const type = (head.get("content-type") ?? "text/plain").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!type.startsWith("multipart/")) return [{ type, bytes: decoded(body, head) }];
  const boundary = boundaryOf(head.get("content-type") ?? "");
  if (boundary === undefined || depth === 0) return [];
  return sections(body, boundary).flatMap((section) => partsOf(section, depth - 1));
}

/** Headers by their names in small letters; a line that begins with a space goes on with the one before. */
function headersOf(text: string): Map<string, string> {
  const lines = text.replaceAll(/\n[ \t]+/g, " ").split("\n");
  const pairs = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
  });
  return new Map(pairs);
}

function boundaryOf(contentType: string): string | undefined {
  const match = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/** What stands between the lines `--boundary`, up to the line `--boundary--`. */
function sections(body: string, boundary: string): string[] {
  const found: string[] = [];
  let current: string[] | undefined;
  for (const line of body.split("\n")) {
    const mark = line.trimEnd();
    const isEnd = mark === `--${boundary}--`;
    if (mark !== `--${boundary}` && !isEnd) {
      current?.push(line);
      continue;
    }
    if (current !== undefined) found.push(current.join("\n"));
    if (isEnd || found.length >= MOST_PARTS) return found;
    current = [];
  }
  return current === undefined ? found : [...found, current.join("\n")];
}

function decoded(body: string, head: ReadonlyMap<string, string>): Buffer {
  switch (head.get("content-transfer-encoding")?.toLowerCase()) {
    case "base64":
      return Buffer.from(body, "base64");
    case "quoted-printable":
      return Buffer.from(quotedPrintable(body), "latin1");
    default:
      return Buffer.from(body, "latin1");
  }
}

function quotedPrintable(body: string): string {
  return body
    .replaceAll(/[ \t]*=\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
