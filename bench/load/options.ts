import { parseArgs } from "node:util";
import { messageOf, PosternError } from "../../builder/error.ts";
import { assertBounded } from "./guard.ts";

export const PARTS = ["rates", "held", "limit", "steady"] as const;
export type Part = (typeof PARTS)[number];

/** What to measure: some parts of the bench, or the long run alone. */
export interface Options {
  parts: readonly Part[];
  /** Minutes of the soak; none unless it is asked for. */
  soak: number | undefined;
  /** Fewer and shorter runs: to see that it works, not to keep the figures. */
  quick: boolean;
}

export const USAGE = `npm run bench -- [--quick] [--only PART,...]
npm run bench -- soak [--minutes N]
  parts: ${PARTS.join(", ")}`;

const DEFAULT_MINUTES = 20;

/** @throws PosternError for what is not understood. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const isSoak = positionals[0] === "soak";
  if (positionals.length > (isSoak ? 1 : 0)) throw misuse(`not understood: ${positionals.join(" ")}`);
  if (values.minutes !== undefined && !isSoak) throw misuse("--minutes belongs to soak");
  const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
  assertBounded("seconds", minutes * 60);
  const parts = isSoak ? [] : values.only === undefined ? PARTS : values.only.split(",").map(partOf);
  return { parts, soak: isSoak ? minutes : undefined, quick: values.quick ?? false };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { quick: { type: "boolean" }, only: { type: "string" }, minutes: { type: "string" } },
    });
  } catch (error) {
    throw misuse(messageOf(error));
  }
}

function partOf(name: string): Part {
  const part = PARTS.find((one) => one === name);
  if (part === undefined) throw misuse(`${name} is none of ${PARTS.join(", ")}`);
  return part;
}

function misuse(message: string): PosternError {
  return new PosternError({ code: "input.bench", message, hint: USAGE });
}
