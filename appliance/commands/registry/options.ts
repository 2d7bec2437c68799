import type { Option } from "../command.ts";

export const JSON_OPTION: Option = { name: "json", summary: "one JSON value instead of lines" };

/** Of what opens and makes an export. */
export const PASSPHRASE_OPTION: Option = {
  name: "passphrase-file",
  argument: "FILE",
  summary: "take the first line of a file that only root can read, instead of asking",
};

/** Of every command that puts settings in force. */
export const CHANGE_OPTIONS: readonly Option[] = [
  { name: "yes", summary: "keep the change without asking: for scripts that have another way in" },
  {
    name: "confirm-within",
    argument: "SECONDS",
    summary:
      "how long a change of network, firewall or SSH waits for a yes before it goes back; 120 by default",
  },
  { name: "dry-run", summary: "say what would change and let every program check it; change nothing" },
];
