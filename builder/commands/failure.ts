import { EXIT_INTERRUPTED, PosternError } from "../error.ts";
import { explainFault } from "../host/faults.ts";
import { jsonReporter } from "../pipeline/report/json.ts";
import type { World } from "./command.ts";
import { Interrupted } from "./interrupt.ts";

/** A fault of ours. sysexits(3) calls it EX_SOFTWARE. */
export const EXIT_BUG = 70;

const BUG_HINT = "This is a bug of Postern. Please report it with the lines above and the command you gave.";

/**
 * Tells a person (and, with `--json`, a program) what went wrong.
 *
 * @param stage the stage that failed, if one did.
 * @returns the exit code for it.
 */
export function reportFailure(
  world: Pick<World, "stdout" | "stderr">,
  json: boolean,
  thrown: unknown,
  stage: string | null = null,
): number {
  const write = (text: string): unknown => world.stderr.write(text);
  if (thrown instanceof Interrupted) {
    write(`interrupted: ${thrown.remains}\n`);
    return EXIT_INTERRUPTED;
  }
  const error = explainFault(thrown);
  const where = stage === null ? "" : `${stage}: `;
  if (error instanceof PosternError) {
    const { code, message, hint } = error;
    write(`error ${code}: ${where}${message}\nhint: ${hint}\n`);
    if (json)
      jsonReporter(world.stdout.write.bind(world.stdout)).emit({
        event: "error",
        stage,
        code,
        message,
        hint,
      });
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(`error bug: ${where}${text}\nhint: ${BUG_HINT}\n`);
  if (json) {
    const message = error instanceof Error ? error.message : String(error);
    jsonReporter(world.stdout.write.bind(world.stdout)).emit({
      event: "error",
      stage,
      code: "bug",
      message,
      hint: BUG_HINT,
    });
  }
  return EXIT_BUG;
}
