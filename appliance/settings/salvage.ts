import type Joi from "joi";
import { DEFAULTS } from "./defaults.ts";
import { LARGEST, readYaml } from "./parse.ts";
import { type Problem, pathText, valueText } from "./problem.ts";
import { settingsSchema } from "./schema.ts";
import type { Settings } from "./settings.ts";
import { isMap, type Place, valueAt, without } from "./without.ts";

/** What is left of settings with faults. */
export interface Salvaged {
  /**
   * The good values, and defaults elsewhere. Two things may be as they are in no settings in force: `clients`
   * may be empty, and a static network may have an empty `address` or `gateway`. Somebody has to be asked.
   */
  settings: Settings;
  /** What was wrong; empty: the settings are whole. */
  problems: Problem[];
}

/** Each round takes out everything that is wrong by itself; what only shows afterwards needs another one. */
const MOST_ROUNDS = 24;
const MOST_PROBLEMS = 50;
/** Longer lists than this are not looked through item by item. */
const MOST_TRIED = 64;

/** Where two fields contradict each other, the one that goes. Elsewhere the whole map goes. */
const WEAKER: Readonly<Record<string, string>> = {
  admin: "passwordLogin",
  defender: "services",
  "logging.syslog": "ca",
};

const withoutClients = settingsSchema.fork("clients", (clients) =>
  (clients as Joi.ArraySchema).min(0).optional().default([]),
);

/** Keeps what is right in a settings file that is not right as a whole. Never throws. */
export function salvageSettings(text: string, file: string): Salvaged {
  if (Buffer.byteLength(text) > LARGEST) {
    const problem = { path: file, expected: `at most ${LARGEST} bytes`, got: `${Buffer.byteLength(text)}` };
    return { settings: salvageValue({}).settings, problems: [problem] };
  }
  const { value, problems } = readBlocks(text);
  const salvaged = salvageValue(value);
  return { ...salvaged, problems: [...problems, ...salvaged.problems].slice(0, MOST_PROBLEMS) };
}

/** The same for a document that was put together from elsewhere. */
export function salvageValue(document: unknown): Salvaged {
  const problems: Problem[] = [];
  let value: Record<string, unknown> = isMap(document) ? document : { schema: 1 };
  if (document !== value) problems.push(problemAt([], "a map of fields", document));
  let network: unknown;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = withoutClients.validate(value, VALIDATION);
    if (result.error === undefined) {
      const settings = { ...result.value, ...(network === undefined ? {} : { network }) } as Settings;
      if (settings.clients.length === 0 && !problems.some(({ path }) => path.startsWith("clients")))
        problems.push(problemAt(["clients"], "at least one network: without it nobody is served", undefined));
      return { settings, problems: problems.slice(0, MOST_PROBLEMS) };
    }
    const places: Place[] = [];
    const { details } = result.error;
    // Where a part is wrong, what is said of the whole may only follow from that.
    const innermost = details.filter(({ path }) => !details.some((other) => isBelow(other.path, path)));
    for (const { path, message, context, type } of innermost) {
      const text = pathText(path);
      if (text === "network" && isMap(valueAt(result.value, path))) network = openNetwork(result.value);
      // A consequence of what was taken out before says nothing new.
      if (!problems.some((known) => known.path.startsWith(text)))
        problems.push(problemAt(path, message, context?.value));
      places.push(...toTakeOut(value, path, type));
    }
    const rest = without({ ...value, schema: 1 }, places);
    value = isMap(rest) ? rest : {};
  }
  return { settings: salvageValue({ schema: 1 }).settings, problems };
}

const VALIDATION = { abortEarly: false, convert: false, errors: { label: false } } as const;

/** What has to go so that the next round gets further. */
function toTakeOut(value: unknown, path: Place, type: string): Place[] {
  const text = pathText(path);
  if (text === "schema") return [];
  const wrong = valueAt(value, path);
  // A field that is missing makes its map worthless.
  if (wrong === undefined) return [path.slice(0, -1)];
  const isWhole = type === "postern" || type === "array.max";
  if (isWhole && Array.isArray(wrong) && wrong.length > 1) return tooMany(wrong, path);
  const weaker = WEAKER[text];
  if (weaker !== undefined && isMap(wrong) && weaker in wrong) return [[...path, weaker]];
  return [path];
}

function isBelow(path: Place, other: Place): boolean {
  return path.length > other.length && other.every((key, index) => path[index] === key);
}

/** What has to leave a list that is wrong as a whole: too long, something twice, networks that overlap. */
function tooMany(list: readonly unknown[], path: Place): Place[] {
  const keys = path.filter((key) => typeof key === "string");
  const isPlain = keys.length === path.length && list.length <= MOST_TRIED;
  if (!isPlain) {
    const half = Math.ceil(list.length / 2);
    return list.slice(half).map((_, index) => [...path, half + index]);
  }
  const schema = withoutClients.extract([...keys]);
  const kept: unknown[] = [];
  return list.flatMap((item, index) => {
    if (schema.validate([...kept, item], VALIDATION).error !== undefined) return [[...path, index]];
    kept.push(item);
    return [];
  });
}

/** A network that contradicts itself, with its single values, which are right. */
function openNetwork(document: unknown): unknown {
  const given = valueAt(document, ["network"]);
  if (!isMap(given)) return undefined;
  const { mode, address, gateway, ...rest } = given;
  const common = { ...DEFAULTS.network, ...rest };
  const isStatic = mode === "static" || address !== undefined || gateway !== undefined;
  if (!isStatic) return { ...common, mode: "dhcp", additional: [] };
  return { ...common, mode: "static", address: address ?? "", gateway: gateway ?? "" };
}

function problemAt(path: Place, expected: string, value: unknown): Problem {
  const text = pathText(path);
  return { path: text, expected, got: valueText(text, value) };
}

/** Reads each field of the document by itself where the whole is no YAML, so that one line spoils one field. */
function readBlocks(text: string): { value: unknown; problems: Problem[] } {
  const whole = readYaml(text);
  if (whole.problems.length === 0) return whole;
  const starts = [...text.matchAll(/^[A-Za-z]\w*:(?=\s)/gm)].map(({ index }) => index);
  const fields: [string, unknown][] = [];
  const problems: Problem[] = [];
  for (const [number, start] of starts.slice(0, MOST_PROBLEMS).entries()) {
    // Empty lines in front keep the line numbers of the problems.
    const lead = "\n".repeat(text.slice(0, start).split("\n").length - 1);
    const block = readYaml(lead + text.slice(start, starts[number + 1]).trimEnd());
    problems.push(...block.problems);
    if (block.problems.length === 0 && isMap(block.value)) fields.push(...Object.entries(block.value));
  }
  return { value: Object.fromEntries(fields), problems: problems.length > 0 ? problems : whole.problems };
}
