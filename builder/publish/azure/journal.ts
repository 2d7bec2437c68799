import { createHash } from "node:crypto";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode } from "../../host/faults.ts";
import type { Page } from "./pages.ts";
import { type Acknowledged, pageKey } from "./resume.ts";

/**
 * What the service acknowledged, one line a page, so that an upload that was killed can go on. It holds no address
 * with a signature, and losing it costs nothing but sending again.
 */
export interface Journal {
  acknowledged: Acknowledged;
  add(page: Page): Promise<void>;
  close(): Promise<void>;
  /** When the upload is whole. */
  remove(): Promise<void>;
}

const HEAD = "postern azure journal 1";
const LINE = /^page (\d{1,16}) (\d{1,8}) ([0-9a-f]{32})$/;

/** @param place what the upload goes to, as Azure names it for ever. */
export function journalPath(folder: string, place: string): string {
  const name = createHash("sha256").update(place).digest("hex").slice(0, 32);
  return join(folder, `azure-${name}.journal`);
}

/**
 * Opens the journal of a destination, or begins a new one when the destination was made anew.
 *
 * @param identity tells this disk or blob from an earlier one of the same name
 */
export async function openJournal(path: string, identity: string): Promise<Journal> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const head = `${HEAD}\nof ${createHash("sha256").update(identity).digest("hex")}\n`;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  });
  const isOurs = text.startsWith(head);
  const file = await open(path, isOurs ? "a" : "w", 0o600);
  // A line that was cut by a power failure ends here, so that the next one is a line of its own.
  await file.appendFile(isOurs ? (text.endsWith("\n") ? "" : "\n") : head);
  await file.chmod(0o600);
  return {
    acknowledged: isOurs ? linesOf(text) : new Map(),
    add: ({ offset, length, md5 }) => file.appendFile(`page ${offset} ${length} ${md5}\n`),
    close: () => file.close(),
    remove: () => rm(path, { force: true }),
  };
}

function linesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, offset, length, md5] = LINE.exec(line) ?? [];
    if (offset !== undefined && length !== undefined && md5 !== undefined)
      found.set(pageKey({ offset: Number(offset), length: Number(length) }), md5);
  }
  return found;
}
