import { readYaml } from "../settings/parse.ts";
import type { Problem } from "../settings/problem.ts";
import { isMap } from "../settings/without.ts";
import { OVF_SETTINGS, type OvfSetting, type PropertyForm } from "./ovfproperties.ts";

const PREFIX = "postern.";

/** What OVF properties come to. */
export interface OvfDocument {
  /** A settings document, not yet checked; undefined: no property of ours has a value. */
  document: Record<string, unknown> | undefined;
  /** The settings file among them, word for word, where it is the only property. */
  text: string | undefined;
  problems: Problem[];
  /** Properties that are none of ours but look like it. */
  unknown: string[];
}

/**
 * Puts properties together to one settings document. What is blank, or `null` as ESXi's own client writes where
 * nothing was typed, is unset.
 */
export function ovfDocument(properties: ReadonlyMap<string, string>): OvfDocument {
  const ours = [...properties].filter(([key, value]) => key.startsWith(PREFIX) && !isUnset(value));
  const unknown = ours.map(([key]) => key).filter((key) => !OVF_SETTINGS.some((one) => one.key === key));
  const given = OVF_SETTINGS.flatMap((setting) => {
    const value = ours.find(([key]) => key === setting.key)?.[1];
    return value === undefined ? [] : [{ setting, value: value.trim() }];
  });
  if (given.length === 0) return { document: undefined, text: undefined, problems: [], unknown };

  const file = given.find(({ setting }) => setting.form === "settings")?.value;
  const base = file === undefined ? { text: undefined, value: {}, problems: [] } : settingsIn(file);
  const document = isMap(base.value) ? { ...base.value } : {};
  document.schema ??= 1;
  for (const { setting, value } of given) {
    if (setting.form !== "settings") put(document, setting.path, READERS[setting.form](value, setting));
  }
  impliesStatic(document, given);
  const text = given.length === 1 ? base.text : undefined;
  return { document, text, problems: base.problems, unknown };
}

function isUnset(value: string): boolean {
  return value.trim() === "" || value.trim().toLowerCase() === "null";
}

type Reader = (text: string, setting: OvfSetting) => unknown;

/** Forms that hold no words of the right kind keep their text, so that the check of the settings says so. */
const READERS: Readonly<Record<Exclude<PropertyForm, "settings">, Reader>> = {
  text: (text) => text,
  number: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : text),
  choice: (text, setting) => choice(text, setting),
  words: wordsOf,
  choices: (text, setting) => wordsOf(text).map((word) => choice(word, setting)),
  clients: (text) => wordsOf(text).map(client),
  // A key has spaces inside, and a comment may have commas: only the next key's type parts two of them.
  keys: (text) =>
    text
      .split(/[\r\n]+|[,;]\s*(?=(?:ssh|ecdsa|sk)-)/)
      .map((key) => key.trim().replace(/[,;]$/, ""))
      .filter((key) => key !== ""),
  host: (text) => hostAndPort(text),
  syslog(text) {
    const protocol = /^(tls|udp):\/\//i.exec(text)?.[1];
    const rest = hostAndPort(protocol === undefined ? text : text.slice(protocol.length + 3));
    return protocol === undefined ? rest : { ...rest, protocol: protocol.toLowerCase() };
  },
};

function wordsOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== "");
}

function choice(text: string, { values = [] }: OvfSetting): string {
  const word = text.toLowerCase().replaceAll(" ", "-");
  return values.includes(word) ? word : text;
}

function client(text: string): Record<string, string> {
  const [cidr = "", ...label] = text.split("=");
  return label.length === 0 ? { cidr } : { cidr, label: label.join("=") };
}

/** `host`, `host:port`, `[fd00::1]:port`. */
function hostAndPort(text: string): Record<string, unknown> {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,6}))?$/.exec(text);
  if (match === null) return { host: text };
  const host = match[1] ?? match[2] ?? "";
  return match[3] === undefined ? { host } : { host, port: Number(match[3]) };
}

function put(document: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    document[key] = value;
    return;
  }
  const inner = document[key];
  const next = isMap(inner) ? { ...inner } : {};
  document[key] = next;
  put(next, rest, value);
}

/** Whoever gives an address means it; the choice beside it is for those who want to say so. */
function impliesStatic(
  document: Record<string, unknown>,
  given: readonly { setting: OvfSetting; value: string }[],
): void {
  const has = (key: string): boolean => given.some(({ setting }) => setting.key === key);
  if (has("postern.address") && !has("postern.network")) put(document, ["network", "mode"], "static");
}

/** A settings file in one property: YAML has colons, base64 has none. */
function settingsIn(value: string): { text: string | undefined; value: unknown; problems: Problem[] } {
  const text = value.includes(":") ? value : Buffer.from(value, "base64").toString("utf8");
  const { value: document, problems } = readYaml(text);
  if (isMap(document) || problems.length > 0)
    return { text: `${text.trimEnd()}\n`, value: document, problems };
  const problem = {
    path: "postern.settings",
    expected: "a settings file, or one in base64",
    got: "something else",
  };
  return { text: undefined, value: {}, problems: [problem] };
}
