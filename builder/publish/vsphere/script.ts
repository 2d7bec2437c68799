import { commandText } from "../../host/text.ts";
import { govcOptions } from "./options.ts";
import { SETTINGS_PROPERTY } from "./properties.ts";
import { stepsFor } from "./steps.ts";
import type { VsphereWish } from "./wish.ts";

/**
 * The commands for a POSIX shell that do what a publication does. The settings file is read when they run: nothing of
 * it is in the text.
 *
 * @param settingsFile path of the settings file, where there is one.
 */
export function scriptText(wish: VsphereWish, settingsFile: string | undefined): string {
  return [
    "# GOVC_URL, GOVC_USERNAME and GOVC_PASSWORD say where and who; docs/publish-vsphere.md",
    "set -eu",
    "govc about",
    ...stepsFor(wish).flatMap(({ title, args, readsOptions }) => [
      `# ${title}`,
      ...(readsOptions
        ? [`${commandText(["govc", ...args])} <<OPTIONS`, optionsText(wish, settingsFile), "OPTIONS"]
        : [commandText(["govc", ...args])]),
    ]),
    "",
  ].join("\n");
}

function optionsText({ machine }: VsphereWish, settingsFile: string | undefined): string {
  if (machine === undefined) return "";
  const options = govcOptions(machine);
  const encode = `$(base64 < ${commandText([settingsFile ?? ""])} | tr -d '\\n')`;
  const properties = options.PropertyMapping.map(({ Key, Value }) => {
    const value = Key === SETTINGS_PROPERTY ? `"${encode}"` : escapeHere(JSON.stringify(Value));
    return `{"Key": ${escapeHere(JSON.stringify(Key))}, "Value": ${value}}`;
  });
  const others = Object.entries({ ...options, PropertyMapping: undefined }).flatMap(([key, value]) =>
    value === undefined ? [] : [`  "${key}": ${escapeHere(JSON.stringify(value))},`],
  );
  return ["{", ...others, `  "PropertyMapping": [${properties.join(",\n    ")}]`, "}"].join("\n");
}

/** Text in a here-document that is expanded (POSIX 2.7.4): only these three are special there. */
function escapeHere(text: string): string {
  return text.replaceAll(/[\\$`]/g, "\\$&");
}
