import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { readExactly, writeExactly } from "../../../../../appliance/disk/bytes.ts";
import { type Answer, type Asked, type Double, startDouble } from "./server.ts";

/**
 * The storage behind a managed disk in upload, as far as the public specification of the Blob service says what it
 * takes (https://learn.microsoft.com/rest/api/storageservices/put-page, .../get-page-ranges, .../get-blob-properties),
 * and strict where Azurite is not: alignment, 4 MiB, the blob's end, MD5, a signature that ran out.
 */
export interface Storage {
  double: Double;
  /** Makes the blob of a disk. */
  add(name: string, size: number): Promise<Blob>;
  close(): Promise<void>;
}

export interface Blob {
  size: number;
  /** Everything in it. */
  read(offset: number, length: number): Promise<Buffer>;
  /** An address with a new signature. */
  sign(): string;
  /** From now on no signature is good that was given before. */
  revoke(): void;
  /** Pages of 512 bytes that hold something. */
  held(): number;
  /** Page writes that were taken. */
  writes: { offset: number; length: number }[];
}

interface Kept extends Blob {
  file: FileHandle;
  pages: Uint8Array;
  signatures: Set<string>;
}

const PAGE = 512;
const LARGEST = 4 * 1024 * 1024;

/** @param folder for the blobs' bytes. */
export async function startStorage(folder: string): Promise<Storage> {
  const blobs = new Map<string, Kept>();
  const double = await startDouble(async (asked) => {
    const blob = blobs.get(asked.path);
    if (blob === undefined) return refused(404, "BlobNotFound");
    if (!/^\d{4}-\d\d-\d\d$/.test(String(asked.headers["x-ms-version"])))
      return refused(400, "MissingRequiredHeader");
    if (!blob.signatures.has(asked.query.get("sig") ?? "")) return refused(403, "AuthenticationFailed");
    return answer(asked, blob);
  });
  return {
    double,
    async add(name, size) {
      const file = await open(join(folder, `${randomUUID()}.blob`), "wx+");
      await file.truncate(size);
      const path = `/disks/${name}`;
      const blob: Kept = {
        ...{ size, file, pages: new Uint8Array(size / PAGE), signatures: new Set<string>(), writes: [] },
        read: (offset, length) => readExactly(file, offset, length),
        sign() {
          const signature = randomBytes(32).toString("base64");
          blob.signatures.add(signature);
          const sig = encodeURIComponent(signature);
          return `http://127.0.0.1:${double.port}${path}?sv=2018-03-28&sr=b&si=${randomUUID()}&sig=${sig}`;
        },
        revoke: () => blob.signatures.clear(),
        held: () => blob.pages.reduce((sum, one) => sum + one, 0),
      };
      blobs.set(path, blob);
      return blob;
    },
    async close() {
      await double.close();
      for (const { file } of blobs.values()) await file.close();
    },
  };
}

async function answer(asked: Asked, blob: Kept): Promise<Answer> {
  const comp = asked.query.get("comp");
  if (asked.method === "HEAD" && comp === null) {
    const headers = {
      "content-length": String(blob.size),
      "x-ms-blob-type": "PageBlob",
      "x-ms-creation-time": "Thu, 01 Jan 2026 00:00:00 GMT",
    };
    return { status: 200, headers };
  }
  if (asked.method === "GET" && comp === "pagelist") return { status: 200, ...listOf(blob) };
  if (asked.method === "PUT" && comp === "page") return putPage(asked, blob);
  // Put Blob among them: it would wipe what the platform keeps about a disk.
  return refused(405, "UnsupportedHttpVerb");
}

async function putPage({ headers, body }: Asked, blob: Kept): Promise<Answer> {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(String(headers["x-ms-range"] ?? headers.range)) ?? [];
  if (from === undefined || to === undefined) return refused(400, "InvalidHeaderValue");
  const offset = Number(from);
  const length = Number(to) - offset + 1;
  if (offset % PAGE !== 0 || length % PAGE !== 0 || length <= 0) return refused(416, "InvalidPageRange");
  if (offset + length > blob.size) return refused(416, "InvalidPageRange");
  const kind = headers["x-ms-page-write"];
  if (kind === "clear") {
    if (body.length > 0) return refused(400, "InvalidHeaderValue");
    await write(blob, offset, Buffer.alloc(length), 0);
    return written();
  }
  if (kind !== "update") return refused(400, "InvalidHeaderValue");
  if (length > LARGEST) return refused(413, "RequestBodyTooLarge");
  if (body.length !== length) return refused(400, "InvalidHeaderValue");
  const md5 = headers["content-md5"];
  if (md5 !== undefined && headers["x-ms-content-crc64"] !== undefined)
    return refused(400, "InvalidHeaderValue");
  const own = createHash("md5").update(body).digest("base64");
  if (md5 !== undefined && md5 !== own) return refused(400, "Md5Mismatch");
  await write(blob, offset, body, 1);
  blob.writes.push({ offset, length });
  return written(own);
}

async function write(blob: Kept, offset: number, bytes: Buffer, mark: number): Promise<void> {
  await writeExactly(blob.file, offset, bytes);
  blob.pages.fill(mark, offset / PAGE, (offset + bytes.length) / PAGE);
}

function written(md5?: string): Answer {
  const headers = {
    etag: `"0x1"`,
    "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
    "x-ms-blob-sequence-number": "0",
  };
  return { status: 201, headers: md5 === undefined ? headers : { ...headers, "content-md5": md5 } };
}

function listOf({ pages, size }: Kept): Omit<Answer, "status"> {
  const ranges: string[] = [];
  let start = pages.indexOf(1);
  while (start >= 0) {
    const end = pages.indexOf(0, start);
    const last = (end < 0 ? size / PAGE : end) * PAGE - 1;
    ranges.push(`<PageRange><Start>${start * PAGE}</Start><End>${last}</End></PageRange>`);
    start = end < 0 ? -1 : pages.indexOf(1, end);
  }
  return {
    headers: { "content-type": "application/xml", "x-ms-blob-content-length": String(size) },
    body: `<?xml version="1.0" encoding="utf-8"?><PageList>${ranges.join("")}</PageList>`,
  };
}

export function refused(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { "content-type": "application/xml", "x-ms-error-code": code, ...headers },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>The double says ${code}.</Message></Error>`,
  };
}
