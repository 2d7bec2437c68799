import { ovfDocument } from "../../../appliance/intake/ovfdocument.ts";
import { OVF_SETTINGS } from "../../../appliance/intake/ovfproperties.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { check, type Problem, problemsError } from "../../../appliance/settings/problem.ts";
import { settingsSchema } from "../../../appliance/settings/schema.ts";
import { didYouMean } from "../../recipe/nearest.ts";

/** The property that holds a whole settings file. */
export const SETTINGS_PROPERTY = "postern.settings";

/**
 * A settings file as the OVF property for it. In base64: it keeps every byte, and neither a shell nor govc, which
 * writes values into XML as they are, finds anything in it.
 *
 * @throws PosternError `input.settings` with every problem of the file, or when it is too long for a property.
 */
export function settingsProperty(text: string, file: string): string {
  parseSettings(text, file);
  const value = Buffer.from(text, "utf8").toString("base64");
  const longest = OVF_SETTINGS.find(({ key }) => key === SETTINGS_PROPERTY)?.longest ?? 0;
  if (value.length <= longest) return value;
  const got = `${Buffer.byteLength(text)}`;
  const expected = `at most ${Math.floor(longest / 4) * 3} bytes, so that an OVF property holds it`;
  const problem = { path: "(document)", expected, got };
  throw problemsError("input.settings", file, [problem], "Take comments out of it, or bring it another way.");
}

/**
 * `KEY=VALUE` of the command line. A list on a command line ends at each comma; what does not begin with a property's
 * name belongs to the value before it.
 */
export function propertiesOf(words: readonly string[], problems: Problem[]): Map<string, string> {
  const keys = OVF_SETTINGS.map(({ key }): string => key);
  const properties = new Map<string, string>();
  let last: string | undefined;
  for (const word of words) {
    const [, key, value = ""] = /^(postern\.[a-z-]+)=(.*)$/s.exec(word) ?? [];
    if (key === undefined && last !== undefined) {
      properties.set(last, `${properties.get(last)}, ${word}`);
    } else if (key === undefined || !keys.includes(key) || key === SETTINGS_PROPERTY) {
      const expected = `KEY=VALUE with a property of docs/unattended.md${didYouMean(key ?? word, keys)}`;
      problems.push({ path: "--property", expected, got: JSON.stringify(key ?? word) });
      last = undefined;
    } else {
      if (properties.has(key))
        problems.push({ path: `--property ${key}`, expected: "only once", got: "it again" });
      properties.set(key, value);
      last = key;
    }
  }
  return properties;
}

/**
 * Reads the properties as the appliance will, and checks what comes of them.
 *
 * @returns whether the hash of a password is among them.
 * @throws PosternError `input.settings` with every problem.
 */
export function checkProperties(properties: ReadonlyMap<string, string>): { hasHash: boolean } {
  const { document, problems } = ovfDocument(properties);
  if (document === undefined) return { hasHash: false };
  const found = check(settingsSchema, document);
  const all = [...problems, ...found.problems];
  if (all.length === 0) return { hasHash: found.value?.admin.passwordHash !== undefined };
  const hint = "Correct --settings and --property; ./postern publish vsphere --help.";
  throw problemsError("input.settings", "the machine's settings", all, hint);
}
