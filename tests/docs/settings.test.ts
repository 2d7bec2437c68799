import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import { parse } from "yaml";
import { PosternError } from "../../appliance/error.ts";
import { parseSettings } from "../../appliance/settings/parse.ts";
import { type Described, settingsDescribed } from "../../docs/generate/described.ts";
import { settingsJsonSchema } from "../../docs/generate/jsonschema.ts";
import { settingsArbitrary } from "../appliance/kit/arbitrary.ts";
import { FULL, SMALLEST } from "../appliance/settings/fixtures.ts";

const EXAMPLE = readFileSync(new URL("../../docs/settings.example.yaml", import.meta.url), "utf8");
const isValid = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(
  settingsJsonSchema(),
);

/** Every field of the schema with its path: `network.ipv6.mode`, `clients[].cidr`. */
function fieldsBelow(path: string, field: Described): [string, Described][] {
  const children = Object.entries(field.keys ?? {}).map(
    ([name, one]) => [path === "" ? name : `${path}.${name}`, one] as const,
  );
  const [item] = field.items ?? [];
  const entries = item === undefined ? [] : fieldsBelow(`${path}[]`, item);
  return [
    ...children.flatMap(([own, one]) => [[own, one] as [string, Described], ...fieldsBelow(own, one)]),
    ...entries,
  ];
}

const FIELDS = fieldsBelow("", settingsDescribed());

function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const own = path === "" ? name : `${path}.${name}`;
    return [own, ...pathsOf(one, own)];
  });
}

test("every field says what it is, and each that holds a value shows one", (t) => {
  t.true(FIELDS.length > 50);
  for (const [path, { flags, examples, type, keys, items }] of FIELDS) {
    t.regex(flags?.description ?? "", /^[A-Z].*\.$/s, path);
    const holdsFields = keys !== undefined || items?.[0]?.keys !== undefined;
    t.is(examples?.length ?? 0, holdsFields ? 0 : 1, path);
    if (type === "number" && /mtu|Days/.test(path)) t.truthy(flags?.unit, path);
  }
});

test("the example file is right, has every field, and fits the schema", (t) => {
  const settings = parseSettings(EXAMPLE, "settings.example.yaml");

  t.deepEqual([...new Set(pathsOf(parse(EXAMPLE)))].sort(), FIELDS.map(([path]) => path).sort());
  t.is(settings.network.mode, "static");
  t.true(isValid(parse(EXAMPLE)), JSON.stringify(isValid.errors));
});

test("what posternctl takes, the JSON Schema takes", (t) => {
  for (const value of [parse(SMALLEST), FULL]) t.true(isValid(value), JSON.stringify(isValid.errors));
  fc.assert(
    fc.property(settingsArbitrary, (settings) => {
      t.true(isValid(settings), JSON.stringify(isValid.errors));
    }),
    { numRuns: 300 },
  );
});

const OTHER_FORMS: [string, string][] = [
  ["netmask", "clients: [{ cidr: 10.20.0.0 255.255.0.0 }]"],
  ["spaces", 'clients: [{ cidr: " 10.20.0.0 / 16 " }]'],
  ["hyphens in a MAC address", "network: { mac: 52-54-00-AA-BB-CC }"],
  ["wildcard by a star", "defender: { extra: [{ host: '*.Example.NET' }] }"],
  ["days in lower case", "updates: { window: 'sat,sun 02:00-04:00' }"],
  ["unicode label", "clients: [{ cidr: 10.20.0.0/16, label: Gebäude 4 (Süd) }]"],
];
for (const [title, line] of OTHER_FORMS) {
  test(`another way to write it is taken by both: ${title}`, (t) => {
    const text = line.startsWith("clients") ? `schema: 1\n${line}\n` : `${SMALLEST}${line}\n`;

    t.notThrows(() => parseSettings(text, "settings.yaml"));
    t.true(isValid(parse(text)), JSON.stringify(isValid.errors));
  });
}

const WRONG: [string, string][] = [
  ["no version", "clients: [{ cidr: 10.20.0.0/16 }]"],
  ["another version", "schema: 2\nclients: [{ cidr: 10.20.0.0/16 }]"],
  ["no clients", "schema: 1"],
  ["empty clients", "schema: 1\nclients: []"],
  ["a client that is a text", "schema: 1\nclients: [10.20.0.0/16]"],
  ["a client without a prefix", "schema: 1\nclients: [{ cidr: 10.20.0.0 }]"],
  ["an unknown field", `${SMALLEST}host: a`],
  ["a misspelt field", `${SMALLEST}network: { adress: 10.20.0.5/24 }`],
  ["an unknown cloud", `${SMALLEST}defender: { cloud: mars }`],
  ["an unknown service", `${SMALLEST}defender: { services: [everything] }`],
  ["a service twice", `${SMALLEST}defender: { services: [mde, mde] }`],
  ["static without an address", `${SMALLEST}network: { mode: static, gateway: 10.20.0.1, dns: [10.20.0.2] }`],
  ["static without DNS", `${SMALLEST}network: { mode: static, address: 10.20.0.5/24, gateway: 10.20.0.1 }`],
  ["an address with DHCP", `${SMALLEST}network: { address: 10.20.0.5/24 }`],
  ["password login without a password", `${SMALLEST}admin: { passwordLogin: true }`],
  ["a password in clear", `${SMALLEST}admin: { passwordHash: correct horse }`],
  ["a port out of range", `${SMALLEST}proxy: { upstream: { host: a.example, port: 70000 } }`],
  [
    "a certificate with UDP",
    `${SMALLEST}logging: { syslog: { host: a.example, protocol: udp, ca: "-----BEGIN CERTIFICATE-----" } }`,
  ],
  ["a number as text", `${SMALLEST}logging: { retentionDays: "30" }`],
];
for (const [title, text] of WRONG) {
  test(`refused by both: ${title}`, (t) => {
    t.throws(() => parseSettings(text, "settings.yaml"), { instanceOf: PosternError });
    t.false(isValid(parse(text)));
  });
}
