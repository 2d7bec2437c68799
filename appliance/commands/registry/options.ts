import type { Option } from "../command.ts";

export const JSON_OPTION: Option = { name: "json", summary: "one JSON value instead of lines" };

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
