import type { ApplyRequest } from "../../../appliance/apply/apply.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";

/** A call to put a text in force, as `posternctl apply settings.yaml` makes it. */
export function requestOf(text: string): ApplyRequest {
  const settings = parseSettings(text, "settings.yaml");
  return { settings, text, origin: { way: "command", detail: "settings.yaml" } };
}
