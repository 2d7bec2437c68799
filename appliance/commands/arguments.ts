import { parseArgs } from "node:util";
import { messageOf, PosternError } from "../error.ts";
import type { Arguments, Command } from "./command.ts";

/**
 * Parses what stands behind a command's name.
 *
 * @throws PosternError `input.arguments`
 */
export function parseArguments({ name, options, count }: Command, args: readonly string[]): Arguments {
  const [fewest, most] = count;
  const parsed = parse(args, options);
  const extra = parsed.positionals[most];
  if (extra !== undefined) throw usageError(`${extra} is one argument too many.`, name);
  if (parsed.positionals.length < fewest) throw usageError(`${name} needs more arguments.`, name);
  const given = Object.entries(parsed.values);
  return {
    flags: new Set(given.filter(([, value]) => value === true).map(([flag]) => flag)),
    values: new Map(given.flatMap(([flag, value]) => (typeof value === "string" ? [[flag, value]] : []))),
    rest: parsed.positionals,
  };

  function parse(all: readonly string[], known: Command["options"]) {
    try {
      return parseArgs({
        args: [...all],
        options: Object.fromEntries(
          known.map((one) => [
            one.name,
            { type: one.argument === undefined ? ("boolean" as const) : ("string" as const) },
          ]),
        ),
        allowPositionals: true,
      });
    } catch (error) {
      throw usageError(messageOf(error), name);
    }
  }
}

/** A call that cannot be understood. */
export function usageError(message: string, command?: string): PosternError {
  const hint =
    command === undefined
      ? "posternctl --help lists the commands."
      : `posternctl ${command} --help shows how it is called.`;
  return new PosternError({ code: "input.arguments", message, hint });
}
