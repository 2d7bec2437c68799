import { open } from "node:fs/promises";

/** One refused request of Squid's access log. */
export interface Denial {
  /** Milliseconds since 1970. */
  time: number;
  client: string;
  /** `www.example.com:443`, as it was asked for. */
  target: string;
  /** The rule that refused it: manager, client, port, method, scheme, name, address. */
  rule: string;
}

/** Enough for some hundred lines. */
const TAIL = 64 * 1024;

/** The last refused requests, newest first; the appliance's own checks are left out. */
export async function lastDenials(path: string, most: number): Promise<Denial[]> {
  const lines = (await tailOf(path)).split("\n").toReversed();
  const denials: Denial[] = [];
  for (const line of lines) {
    if (denials.length >= most) break;
    const denial = denialOf(line);
    if (denial !== undefined && denial.client !== "127.0.0.1" && denial.client !== "::1")
      denials.push(denial);
  }
  return denials;
}

/** A line of the log as a denial; undefined for anything else, also for a torn line. */
export function denialOf(line: string): Denial | undefined {
  const value = parse(line);
  if (typeof value !== "object" || value === null) return undefined;
  if (!("time" in value && "client" in value && "url" in value && "rule" in value && "result" in value))
    return undefined;
  const { time, client, url, rule, result } = value;
  if (typeof time !== "number" || typeof client !== "string" || typeof url !== "string") return undefined;
  if (typeof rule !== "string" || typeof result !== "string" || !result.includes("DENIED")) return undefined;
  return { time: time * 1000, client: printable(client), target: printable(url), rule: printable(rule) };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What a client sent is shown on a terminal: nothing but plain ASCII gets there. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 200);
}

async function tailOf(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const length = Math.min(size, TAIL);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString("utf8");
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}
