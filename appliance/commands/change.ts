import { type ApplyRequest, apply, rehearse } from "../apply/apply.ts";
import { revert } from "../apply/confirm.ts";
import type { Origin } from "../apply/origin.ts";
import { isCutOff, probe } from "../check/all.ts";
import { catalogueInUse } from "../endpoints/installed.ts";
import { EXIT_CODES } from "../error.ts";
import { currentSettings } from "../settings/current.ts";
import { changesInWords } from "../settings/words.ts";
import { usageError } from "./arguments.ts";
import { catalogueLines } from "./cataloguelines.ts";
import type { Arguments, CommandContext } from "./command.ts";
import { askBefore, askToKeep, type Terminal } from "./keep.ts";
import { checkLine, stepLine } from "./lines.ts";
import { PATIENCE } from "./patience.ts";

/** Seconds that a change waits for a word where nobody said otherwise. */
const COUNTDOWN = 120;
/** Below this nobody could answer; above it, it is no countdown. */
const [SHORTEST, LONGEST] = [20, 3600];

/** A change was taken back: nobody kept it in time, or somebody said so. */
const TAKEN_BACK = 1;

export interface ChangeOptions {
  /** Milliseconds that the network and Squid may take to come up. */
  patience?: number;
  /** Where the answer is typed. */
  input?: Terminal;
  /** Asks whether to begin at all, unless --yes was said; the call that begins without asking. */
  askBefore?: string;
}

/**
 * Puts settings in force before the eyes of who called: what changes, each step, each check, and the question
 * whether to keep it where the change could lock out.
 *
 * @returns the exit code.
 */
export async function change(
  context: CommandContext,
  wanted: Pick<ApplyRequest, "settings" | "text" | "origin" | "catalogue">,
  args: Arguments,
  { patience = PATIENCE, input = process.stdin, askBefore: how }: ChangeOptions = {},
): Promise<number> {
  const { system, print } = context;
  const { settings } = wanted;
  const confirmWithin = countdownOf(args);
  const words = [
    ...changesInWords(await currentSettings(system.paths).catch(() => undefined), settings),
    ...(await catalogueWords(context, wanted)),
  ];
  if (words.length > 0) print(["What changes:", ...words.map((line) => `  ${line}`)].join("\n"));
  if (args.flags.has("dry-run")) {
    const paths = await rehearse(system, wanted);
    print(paths.length === 0 ? "Nothing would change." : `Would change: ${paths.join(", ")}`);
    return 0;
  }
  if (how !== undefined && !args.flags.has("yes") && !(await askBefore(context, how, input)))
    return TAKEN_BACK;
  const request = { ...wanted, ...(confirmWithin === undefined ? {} : { confirmWithin }) };
  const { changed, deadline } = await apply(system, request, (step) => print(stepLine(step)));
  print(changed.length === 0 ? "Nothing had to change." : `Changed: ${changed.join(", ")}`);
  const waiting = changed.length === 0 ? 0 : patience;
  const results = await probe({ system, settings, patience: waiting }, (one) => print(checkLine(one)));
  const exitCode = results.some(({ state }) => state === "fail") ? EXIT_CODES.network : 0;
  if (deadline === undefined) return exitCode;
  if (isCutOff(results) && process.env.SSH_CONNECTION !== undefined) {
    await revert(system);
    print("The network does not work with these settings: the previous ones are back.");
    return EXIT_CODES.network;
  }
  return (await askToKeep(context, { deadline, text: wanted.text }, input)) ? exitCode : TAKEN_BACK;
}

/** What becomes of the catalogue, where another one is asked for. */
async function catalogueWords(
  { system }: CommandContext,
  { settings, catalogue }: Pick<ApplyRequest, "settings" | "catalogue">,
): Promise<string[]> {
  if (catalogue === undefined) return [];
  const now = await catalogueInUse(system.paths);
  return catalogueLines(settings.defender, now.catalogue, catalogue.catalogue);
}

/** Who called, for the history. */
export function originOf(way: Origin["way"], detail: string): Origin {
  const by = process.env.SUDO_USER;
  return { way, detail, ...(by === undefined || by === "" ? {} : { by }) };
}

/** Milliseconds; undefined where the caller said yes beforehand. */
function countdownOf({ flags, values }: Arguments): number | undefined {
  if (flags.has("yes")) return undefined;
  const text = values.get("confirm-within");
  const seconds = text === undefined ? COUNTDOWN : Number(text);
  if (Number.isInteger(seconds) && seconds >= SHORTEST && seconds <= LONGEST) return seconds * 1000;
  throw usageError(`--confirm-within: a whole number of seconds from ${SHORTEST} to ${LONGEST}; got ${text}`);
}
