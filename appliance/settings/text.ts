import { stringify } from "yaml";
import type { Settings } from "./settings.ts";

const HEADER = `# Postern: everything on this machine is made from this file.
# Change it with "posternctl setup", or edit it and run "posternctl apply".
`;

/** The settings as the YAML file that `parseSettings` reads back to the same settings. */
export function settingsText(settings: Settings): string {
  return (
    HEADER +
    stringify(settings, { lineWidth: 0, aliasDuplicateObjects: false, schema: "core", version: "1.2" })
  );
}
