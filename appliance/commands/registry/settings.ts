import type { Command } from "../command.ts";

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
    options: [],
    summary: "put the settings in force",
    details: [
      "Checks FILE (by default /etc/postern/settings.yaml), lets every program check what is made from it, swaps all files at once, and looks whether the machine works. Applied twice, nothing happens the second time. When something fails the previous settings are in force again.",
    ],
    examples: ["posternctl apply", "posternctl apply /root/settings.yaml"],
    root: true,
    load: () => import("../apply.ts"),
  },
];
