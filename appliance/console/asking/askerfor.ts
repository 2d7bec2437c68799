import type { Terminal } from "../terminal/terminal.ts";
import type { Asker } from "./asker.ts";

/** The asker that a terminal can take; `others` ends its questions. */
export async function askerFor(terminal: Terminal, header: string, others: AbortSignal): Promise<Asker> {
  const signal = AbortSignal.any([others, terminal.ended]);
  if (terminal.isPlain) return (await import("./lines.ts")).lineAsker(terminal, header, signal);
  return (await import("./screen.ts")).screenAsker(terminal, header, signal);
}
