import type { Command } from "../command.ts";
import { CHANGE_OPTIONS, JSON_OPTION, PASSPHRASE_OPTION } from "./options.ts";

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
      PASSPHRASE_OPTION,
      {
        name: "without-secrets",
        summary:
          "leave out the password hash, and comments, which may hold anything; no passphrase is asked for",
      },
      { name: "settings", summary: "the settings file alone, as it is: to edit, and for posternctl apply" },
    ],
    summary: "print everything that makes this machine, or write it to a file",
    details: [
      "One file is the whole machine: the settings with their comments, and the catalogue of Defender's names if another one was installed. With it another machine becomes the same. What two machines must never share is not in it: SSH host keys and machine id.",
      "The settings as they are, with the password hash and the comments, are sealed with a passphrase of at least 12 characters (scrypt and AES-256-GCM). The rest can be read, and is held by the seal. The passphrase is asked for twice on a terminal; a script gives it on standard input or by --passphrase-file. Without it nobody can open the file.",
    ],
    examples: [
      "posternctl export /root/postern-export.json",
      "posternctl export --without-secrets > postern-export.json",
      "posternctl export --settings /root/settings.yaml",
    ],
    root: true,
    load: () => import("../export.ts"),
  },
  {
    name: "import",
    positionals: "FILE",
    count: [1, 1],
    options: [
      PASSPHRASE_OPTION,
      {
        name: "keep-network",
        summary: "keep this machine's own name and network, and its password where the file has none",
      },
      ...CHANGE_OPTIONS,
    ],
    summary: "put an export, or a settings file, in force",
    details: [
      "FILE is what export wrote, or a settings.yaml. It goes the way of every change: said in words, checked by the programs, taken back when a step fails or nobody keeps it. A changed byte anywhere in a sealed file is refused, and so is a file of a newer Postern.",
      "A catalogue in the file is taken only where it is newer than the one in use.",
    ],
    examples: [
      "posternctl import /root/postern-export.json",
      "posternctl import /root/postern-export.json --keep-network",
      "posternctl import /root/postern-export.json --passphrase-file /root/passphrase --yes",
    ],
    root: true,
    load: () => import("../import.ts"),
  },
];
