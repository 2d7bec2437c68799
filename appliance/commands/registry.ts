import type { Command } from "./command.ts";

const JSON_OPTION = { name: "json", summary: "one JSON value instead of lines" };

/** Every command of posternctl, in the order in which people need them. */
export const COMMANDS: readonly Command[] = [
  {
    name: "setup",
    positionals: "",
    count: [0, 0],
    options: [
      {
        name: "plain",
        summary: "questions as plain lines, for terminals that cannot move the cursor and for screen readers",
      },
    ],
    summary: "ask for the settings on this terminal, or show the status",
    details: [
      "On a machine that is not configured it asks for everything that is needed, shows it once more and puts it in force. On a configured one it shows the status screen, where r changes the settings.",
    ],
    examples: ["posternctl setup", "posternctl setup --plain"],
    root: true,
    load: () => import("./setup.ts"),
  },
  {
    name: "status",
    positionals: "",
    count: [0, 0],
    options: [JSON_OPTION],
    summary: "show addresses, clients, the proxy and the last refused requests",
    details: [],
    examples: ["posternctl status", "posternctl status --json"],
    root: true,
    load: () => import("./status.ts"),
  },
  {
    name: "check",
    positionals: "",
    count: [0, 0],
    options: [JSON_OPTION],
    summary: "look whether everything works; exit code 1 when something fails",
    details: [],
    examples: ["posternctl check", "posternctl check --json"],
    root: true,
    load: () => import("./check.ts"),
  },
  {
    name: "apply",
    positionals: "[FILE]",
    count: [0, 1],
    options: [],
    summary: "put the settings in force",
    details: [
      "Checks FILE (by default /etc/postern/settings.yaml), lets every program check what is made from it, swaps all files at once, and looks whether the machine works. Applied twice, nothing happens the second time. When something fails the previous settings are in force again.",
    ],
    examples: ["posternctl apply", "posternctl apply /root/settings.yaml"],
    root: true,
    load: () => import("./apply.ts"),
  },
  {
    name: "recover",
    positionals: "",
    count: [0, 0],
    options: [],
    summary: "finish or undo a change that a power cut interrupted; runs by itself at boot",
    details: ["Without an interrupted change it does nothing."],
    examples: ["posternctl recover"],
    root: true,
    load: () => import("./recover.ts"),
  },
  {
    name: "version",
    positionals: "",
    count: [0, 0],
    options: [],
    summary: "print the version",
    details: [],
    examples: ["posternctl version"],
    root: false,
    load: () => import("./version.ts"),
  },
];
