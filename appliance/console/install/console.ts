import { messageOf, PosternError } from "../../error.ts";
import { readMedium } from "../../install/live.ts";
import { openLog } from "../../install/log.ts";
import { readState } from "../../install/state.ts";
import { askerFor } from "../asking/askerfor.ts";
import { errorLines } from "../failurelines.ts";
import type { ConsoleOptions } from "../options.ts";
import { NO_OTHERS } from "../others.ts";
import { openTerminal } from "../terminal/terminal.ts";
import { askForInstall } from "./asking.ts";
import type { InstallContext } from "./context.ts";
import { showEnding } from "./ending.ts";
import { followInstall } from "./progress.ts";
import { showRescue } from "./rescue.ts";

const ESC = "\u001b";
/** Milliseconds before a console goes on by itself. */
const COUNTDOWN = 20_000;

export type InstallOptions = Pick<
  ConsoleOptions,
  "system" | "release" | "input" | "output" | "isPlain" | "line"
> &
  Partial<Pick<InstallContext, "countdown" | "late">> & {
    /** Hands the terminal to a shell of root; does not come back. */
    shell(): never;
  };

/**
 * The console of the installation medium: installs, or lets somebody into the installed system.
 *
 * @throws PosternError `input.not-live` on a machine that was not started from the medium.
 */
export async function runInstallConsole(options: InstallOptions): Promise<number> {
  const { system, release, line } = options;
  const medium = await readMedium(system.paths);
  if (medium === undefined) {
    throw new PosternError({
      code: "input.not-live",
      message: "This machine was not started from the installation medium.",
      hint: "Start the server from the medium. An installed machine is set up with: posternctl setup",
    });
  }
  const terminal = openTerminal({ ...options, onInterrupt: () => terminal.input.write(ESC) });
  const { late, countdown = COUNTDOWN } = options;
  const context: InstallContext = {
    ...{ system, release, line, countdown },
    ...(late === undefined ? {} : { late }),
    terminal,
    medium,
    header: `Postern ${release.version}   ${medium.mode}${line === undefined ? "" : ` on ${line}`}`,
  };
  try {
    const look = medium.mode === "rescue" ? showRescue : turn;
    while (!terminal.ended.aborted) {
      const next = await look(context).catch((error: unknown) => fault(context, error));
      if (next !== "shell") continue;
      terminal.close();
      options.shell();
    }
    return 0;
  } finally {
    terminal.close();
  }
}

/** Failures that were read here already, by when they began. */
const READ = new WeakMap<object, number>();

/** One look at how things stand, and what follows from it. */
async function turn(context: InstallContext): Promise<void> {
  const { system, terminal } = context;
  const state = await readState(system.paths);
  if (state?.phase === "working") return followInstall(context);
  if (state?.phase === "done") return showEnding(context, state);
  if (state?.phase === "failed" && READ.get(terminal) !== state.started) {
    await showEnding(context, state);
    READ.set(terminal, state.started);
    return;
  }
  return askForInstall(context, state);
}

/** What nobody thought of is told, and everything begins again. */
async function fault(context: InstallContext, error: unknown): Promise<void> {
  openLog(context.system.paths)(`console: ${messageOf(error)}`);
  // Another console was quicker: it is followed.
  if (error instanceof PosternError && error.code === "host.busy") return;
  const asker = await askerFor(context.terminal, context.header, NO_OTHERS.signal);
  await asker.choose({
    title: "Something went wrong",
    lines: errorLines(error),
    choices: [{ value: true, label: "Begin again" }],
  });
}
