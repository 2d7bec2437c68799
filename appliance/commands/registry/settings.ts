import type { Command } from "../command.ts";
import { CHANGE_OPTIONS, JSON_OPTION } from "./options.ts";

/** What changes the settings. */
export const SETTINGS_COMMANDS: readonly Command[] = [
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
    load: () => import("../setup.ts"),
  },
  {
    name: "apply",
    positionals: "[FILE]",
    count: [0, 1],
    options: CHANGE_OPTIONS,
    summary: "put the settings in force",
    details: [
      "Checks FILE (by default /etc/postern/settings.yaml), says in words what changes, lets every program check what is made from it, swaps all files at once, reloads what is concerned, and looks whether the machine works. Applied twice, nothing happens the second time. When a step fails the previous settings are in force again.",
      "A change of network, firewall or SSH asks whether to keep it. Without a yes in time the previous settings come back, also when the session is gone, and also after a restart. Over SSH it goes back at once when the gateway does not answer.",
    ],
    examples: [
      "posternctl apply",
      "posternctl apply /root/settings.yaml --dry-run",
      "posternctl apply /root/settings.yaml --confirm-within 300",
    ],
    root: true,
    load: () => import("../apply.ts"),
  },
  {
    name: "confirm",
    positionals: "",
    count: [0, 0],
    options: [],
    summary: "keep a change that waits for a yes",
    details: [],
    examples: ["posternctl confirm"],
    root: true,
    load: () => import("../confirm.ts"),
  },
  {
    name: "rollback",
    positionals: "[N]",
    count: [0, 1],
    options: CHANGE_OPTIONS,
    summary: "take back a change that waits, or go back to settings of the history",
    details: [
      "Without N: the change that waits for a yes, else the settings before those in force. With N: that entry of the history. Going back is a change like any other and can be taken back itself.",
    ],
    examples: ["posternctl rollback", "posternctl rollback 12"],
    root: true,
    load: () => import("../rollback.ts"),
  },
  {
    name: "history",
    positionals: "",
    count: [0, 0],
    options: [JSON_OPTION],
    summary: "list the last 20 confirmed settings, and where each came from",
    details: [],
    examples: ["posternctl history"],
    root: true,
    load: () => import("../history.ts"),
  },
  {
    name: "diff",
    positionals: "A [B]",
    count: [1, 2],
    options: [],
    summary: "say in words what differs between two settings",
    details: [
      "A and B are numbers of the history, files, or the word current for the settings in force, which B is by default.",
    ],
    examples: ["posternctl diff 12", "posternctl diff 11 12", "posternctl diff current /root/new.yaml"],
    root: true,
    load: () => import("../diff.ts"),
  },
  {
    name: "export",
    positionals: "[FILE]",
    count: [0, 1],
    options: [
      {
        name: "without-secrets",
        summary: "leave out the password hash, and comments, which may hold anything",
      },
    ],
    summary: "print the settings in force, or write them to a file",
    details: [
      "One file is the whole of what this machine was told. With it another machine becomes the same.",
    ],
    examples: ["posternctl export /root/postern.yaml", "posternctl export --without-secrets"],
    root: true,
    load: () => import("../export.ts"),
  },
  {
    name: "import",
    positionals: "FILE",
    count: [1, 1],
    options: [
      {
        name: "keep-network",
        summary: "keep this machine's own name and network, and its password where the file has none",
      },
      ...CHANGE_OPTIONS,
    ],
    summary: "put exported settings in force",
    details: [],
    examples: ["posternctl import /root/postern.yaml", "posternctl import /root/postern.yaml --keep-network"],
    root: true,
    load: () => import("../import.ts"),
  },
];
