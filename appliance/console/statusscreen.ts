import type { Release } from "../release.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import type { Terminal } from "./terminal.ts";
import { cut } from "./width.ts";

/** What the operator wants next. */
export type StatusKey = "reconfigure" | "login" | "reboot" | "quit";

/** Milliseconds between two looks; a look reads a few files. */
const REFRESH = 5000;

const HOME = "\u001b[H";
const CLEAR = "\u001b[2J";
const CLEAR_LINE_END = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

export interface StatusScreenOptions {
  system: System;
  release: Release;
  terminal: Terminal;
  /** Whether it is the machine's own console; a session can be left instead. */
  isConsole: boolean;
}

/** Shows the status, again and again, until a key chooses. Other keys redraw it at once. */
export async function showStatus(options: StatusScreenOptions): Promise<StatusKey> {
  const { terminal } = options;
  const keys: Record<string, StatusKey> = {
    r: "reconfigure",
    b: "reboot",
    ...(options.isConsole ? { l: "login" } : { q: "quit", "\u001b": "quit" }),
  };
  terminal.output.write(terminal.isPlain ? "" : `${HIDE_CURSOR}${CLEAR}`);
  for (;;) {
    draw(terminal, await statusPage(options));
    if (terminal.ended.aborted) return "quit";
    const key = await nextKey(terminal, terminal.isPlain ? undefined : REFRESH);
    const chosen = key === undefined ? undefined : keys[key.trim().slice(0, 1).toLowerCase() || key];
    if (key !== undefined && chosen === undefined && !terminal.isPlain) terminal.output.write(CLEAR);
    if (chosen === undefined) continue;
    terminal.output.write(terminal.isPlain ? "" : SHOW_CURSOR);
    return chosen;
  }
}

async function statusPage({ system, release, terminal, isConsole }: StatusScreenOptions): Promise<string[]> {
  const [{ readStatus }, { statusLines }, { currentSettings }] = await Promise.all([
    import("../check/status.ts"),
    import("../commands/status.ts"),
    import("../settings/current.ts"),
  ]);
  const settings: Settings | undefined = await currentSettings(system.paths).catch(() => undefined);
  const lines = statusLines(await readStatus(system, settings, release), terminal.output.columns - 2);
  const most = terminal.output.rows - 4;
  const keys = isConsole
    ? "[r] change settings   [l] log in   [b] restart"
    : "[r] change settings   [b] restart   [q] quit";
  return [...lines.slice(0, most), "", keys];
}

/** Overwrites line by line instead of clearing first, so that nothing flickers. */
function draw({ output, isPlain }: Terminal, lines: readonly string[]): void {
  const rows = lines.map((line) => cut(` ${line}`, output.columns - 1));
  if (isPlain) output.write(`\n${rows.join("\n")}\n`);
  else output.write(HOME + rows.map((row) => row + CLEAR_LINE_END).join("\n") + CLEAR_BELOW);
}

/** The next key, or undefined when the time is over first or nothing more can come. */
function nextKey({ input, ended }: Terminal, timeout: number | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = timeout === undefined ? undefined : setTimeout(() => end(undefined), timeout);
    const end = (key: string | undefined): void => {
      clearTimeout(timer);
      input.off("data", onKey);
      ended.removeEventListener("abort", onEnd);
      input.pause();
      resolve(key);
    };
    const onKey = (bytes: Buffer): void => end(bytes.toString("utf8"));
    const onEnd = (): void => end(undefined);
    input.on("data", onKey);
    ended.addEventListener("abort", onEnd, { once: true });
    input.resume();
  });
}
