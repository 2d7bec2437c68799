import { setTimeout as pause } from "node:timers/promises";
import { currentSettings } from "../settings/current.ts";
import { wallTime } from "../time/zoned.ts";
import { type Access, accessOf, isOwn, outcomeText } from "../traffic/access.ts";
import { type Place, readBack } from "../traffic/backwards.ts";
import { Follower } from "../traffic/follow.ts";
import { usageError } from "./arguments.ts";
import type { RunCommand } from "./command.ts";

const LINES = 50;
const MOST_LINES = 100_000;
/** Bytes to read back at most; refused requests may be rare. */
const BUDGET = 128 * 1024 * 1024;
/** Milliseconds between two looks for new lines. */
const EVERY = 500;

export interface LogOptions {
  path: string;
  /** Only requests that were refused. */
  isDenied: boolean;
  zone: string;
  print(text: string): void;
}

export const run: RunCommand = async ({ system, print }, { flags, values }) => {
  const count = lineCount(values.get("lines"));
  const settings = await currentSettings(system.paths).catch(() => undefined);
  const options = {
    path: system.paths.accessLog,
    isDenied: flags.has("denied"),
    zone: settings?.time.zone ?? "UTC",
    print,
  };
  const place = await printLast(options, count);
  if (!flags.has("follow")) return 0;
  // A pipe whose reader has gone ends it; else Ctrl-C does.
  process.stdout.on("error", () => process.exit(0));
  await follow(options, place, new AbortController().signal);
  return 0;
};

/** Prints the last requests, oldest first. @returns where the log ended. */
export async function printLast(options: LogOptions, count: number): Promise<Place | undefined> {
  const lines: string[] = [];
  const { place, isWhole } = await readBack(options.path, BUDGET, (line) => {
    if (lines.length >= count) return false;
    const text = textOf(line, options);
    if (text !== undefined) lines.push(text);
    return true;
  });
  if (!isWhole) options.print("(further back the log was not read)");
  for (const text of lines.toReversed()) options.print(text);
  return place;
}

/** Prints what is added, also after the log was rotated, until `ended`. */
export async function follow(
  options: LogOptions,
  from: Place | undefined,
  ended: AbortSignal,
  every = EVERY,
): Promise<void> {
  const follower = new Follower(options.path, from);
  try {
    while (!ended.aborted) {
      for (const line of await follower.read()) {
        const text = textOf(line, options);
        if (text !== undefined) options.print(text);
      }
      await pause(every, undefined, { signal: ended }).catch(() => {});
    }
  } finally {
    await follower.close();
  }
}

/** `2026-11-24 12:04:31  10.20.4.7        www.example.com:443  refused: not on the list`. */
export function accessLine(access: Access, zone: string): string {
  const { date, time } = wallTime(access.time, zone);
  return `${date} ${time}  ${access.client.padEnd(15)}  ${access.target}  ${outcomeText(access)}`;
}

function textOf(line: string, { isDenied, zone }: LogOptions): string | undefined {
  const access = accessOf(line);
  if (access === undefined || isOwn(access)) return undefined;
  return isDenied && access.outcome !== "refused" ? undefined : accessLine(access, zone);
}

function lineCount(text: string | undefined): number {
  if (text === undefined) return LINES;
  if (/^\d{1,6}$/.test(text) && Number(text) <= MOST_LINES) return Number(text);
  throw usageError(`--lines takes a number from 0 to ${MOST_LINES}, not ${text}.`, "logs");
}
