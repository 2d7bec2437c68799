import type { Command } from "../command.ts";
import { CHANGE_OPTIONS } from "./options.ts";

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
      {
        name: "card",
        summary: "only let the machine's one network card take the place of one that is gone; runs at boot",
      },
    ],
    summary: "finish or undo a change that a power cut interrupted; runs by itself at boot",
    details: ["Without an interrupted change it does nothing."],
    examples: ["posternctl recover"],
    root: true,
    load: () => import("../recover.ts"),
  },
  {
    name: "intake",
    positionals: "",
    count: [0, 0],
    options: [
      {
        name: "boot",
        summary:
          "as the machine itself does while it starts: only on a machine without settings, asking nobody",
      },
      ...CHANGE_OPTIONS,
    ],
    summary: "read the settings that came without a keyboard, and put them in force",
    details: [
      "Looks for settings in OVF properties, in cloud-init's user data, on a disk labelled POSTERN and in the image; the first of them that has any counts. A machine does this by itself at its first start. Later it happens only by this command, so that nothing overwrites what was changed since.",
      "With --dry-run it says what is there and what would change.",
    ],
    examples: ["posternctl intake --dry-run", "posternctl intake"],
    root: true,
    load: () => import("../intake.ts"),
  },
  {
    name: "install",
    positionals: "",
    count: [0, 0],
    options: [
      {
        name: "plain",
        summary: "questions as plain lines, for terminals that cannot move the cursor and for screen readers",
      },
    ],
    summary: "install onto a disk of this server; runs by itself on the installation medium",
    details: [
      "Only on a server that was started from the installation medium. It shows the server and its disks, has the disk confirmed by its serial number, installs, reads everything back, and says when to detach the medium. With install.yaml on the medium, or on a stick labelled POSTERN, it asks nobody.",
    ],
    examples: ["posternctl install", "posternctl install --plain"],
    root: true,
    load: () => import("../install.ts"),
  },
];
