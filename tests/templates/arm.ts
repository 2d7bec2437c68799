/*
 * What an ARM template comes to with parameters: the few functions of its expressions that ours uses
 * (https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions). Anything else is an error.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonMap = { [key: string]: Json };

export interface ArmTemplate {
  parameters: Record<string, { type: string; defaultValue?: Json }>;
  variables: JsonMap;
  resources: JsonMap[];
  outputs: Record<string, { type: string; value: Json }>;
}

export interface Expanded {
  resources: JsonMap[];
  outputs: JsonMap;
  /** Names of the parameters that were read. */
  used: ReadonlySet<string>;
}

export const GROUP = "/subscriptions/s/resourceGroups/g/providers";

/** Every resource and output, with all expressions worked out. @throws Error for what is missing or not known. */
export function expand(template: ArmTemplate, given: JsonMap): Expanded {
  const used = new Set<string>();
  const functions: Record<string, (...args: Json[]) => Json> = {
    parameters(name) {
      used.add(String(name));
      const spec = template.parameters[String(name)];
      if (spec === undefined) throw new Error(`no parameter ${name}`);
      const value = given[String(name)] ?? spec.defaultValue;
      if (value === undefined) throw new Error(`parameter ${name} has no value`);
      return worked(value);
    },
    variables(name) {
      const value = template.variables[String(name)];
      if (value === undefined) throw new Error(`no variable ${name}`);
      return worked(value);
    },
    concat: (...args) => (Array.isArray(args[0]) ? args.flat() : args.map(String).join("")),
    string: (value) => String(value),
    base64: (value) => Buffer.from(String(value), "utf8").toString("base64"),
    empty: (value) => (Array.isArray(value) ? value.length === 0 : value === ""),
    if: (condition, yes, no) => (condition === true ? (yes ?? null) : (no ?? null)),
    createArray: (...args) => args,
    resourceGroup: () => ({ location: "westeurope" }),
    resourceId(type, ...names) {
      const [provider = "", ...types] = String(type).split("/");
      if (types.length !== names.length) throw new Error(`${type}: ${names.length} names`);
      return `${GROUP}/${provider}/${types.map((one, index) => `${one}/${names[index]}`).join("/")}`;
    },
  };

  function worked(value: Json): Json {
    if (typeof value === "string") return /^\[(?!\[)[\s\S]*\]$/.test(value) ? run(value.slice(1, -1)) : value;
    if (Array.isArray(value)) return value.map(worked);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, worked(inner)]));
  }

  function run(text: string): Json {
    const tokens = text.match(/'(?:[^']|'')*'|[A-Za-z][A-Za-z0-9]*|\d+|[(),.]|\s+|./g) ?? [];
    const rest = tokens.filter((token) => token.trim() !== "");
    const value = expression(rest);
    if (rest.length > 0) throw new Error(`${text}: what is ${rest.join("")}`);
    return value;
  }

  function expression(rest: string[]): Json {
    const token = rest.shift() ?? "";
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d+$/.test(token)) return Number(token);
    const call = Object.hasOwn(functions, token) ? functions[token] : undefined;
    if (call === undefined || rest.shift() !== "(") throw new Error(`no function ${token}`);
    const args: Json[] = [];
    while (rest[0] !== ")") {
      args.push(expression(rest));
      if (rest[0] === ",") rest.shift();
      else if (rest[0] !== ")") throw new Error(`${token}: what is ${rest[0]}`);
    }
    rest.shift();
    return member(call(...args), rest);
  }

  function member(given: Json, rest: string[]): Json {
    let value = given;
    while (rest.at(0) === ".") {
      rest.shift();
      const key = rest.shift() ?? "";
      const inner =
        value !== null && typeof value === "object" && !Array.isArray(value) ? value[key] : undefined;
      if (inner === undefined) throw new Error(`nothing has a field ${key}`);
      value = inner;
    }
    return value;
  }

  const resources = template.resources.map((resource) => worked(resource) as JsonMap);
  const outputs = Object.entries(template.outputs).map(([name, { value }]) => [name, worked(value)]);
  return { resources, outputs: Object.fromEntries(outputs), used };
}
