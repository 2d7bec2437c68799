import type { Command } from "../command.ts";

/** What the machine runs by itself while it starts. */
export const BOOT_COMMANDS: readonly Command[] = [
  {
    name: "recover",
    positionals: "",
    count: [0, 0],
    options: [
      {
        name: "expired",
        summary: "only take back a change that nobody confirmed in time; a timer runs it",
      },
    ],
    summary: "finish or undo a change that a power cut interrupted; runs by itself at boot",
    details: ["Without an interrupted change it does nothing."],
    examples: ["posternctl recover"],
    root: true,
    load: () => import("../recover.ts"),
  },
];
