import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import { builtInCatalogue, compareVersions, parseCatalogue } from "../../../appliance/endpoints/catalogue.ts";
import { SERVICES } from "../../../appliance/settings/settings.ts";
import { catalogueJsonSchema } from "../../../docs/generate/catalogueschema.ts";

const catalogue = builtInCatalogue();
const copy = () => structuredClone(catalogue) as unknown as Record<string, unknown> & { entries: Entry[] };
type Entry = Record<string, unknown>;
const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(catalogueJsonSchema());

test("the catalogue has every service of the settings, and each of its services has entries", (t) => {
  const used = new Set(catalogue.entries.map(({ service }) => service));

  for (const { id } of catalogue.services) t.true(used.has(id), id);
  for (const service of SERVICES) t.true(catalogue.services.some(({ choices }) => choices.includes(service)));
});

test("its version is the date of its newest source or later, and every source is used", (t) => {
  const used = new Set(catalogue.entries.flatMap(({ sources }) => sources));

  for (const { id, date } of catalogue.sources) {
    t.true(date === "undated" || date <= catalogue.version, id);
    t.true(used.has(id), `${id} is named by no entry`);
  }
});

test("every broad entry says what it opens, and its wildcard is no narrower entry of another", (t) => {
  const broad = catalogue.entries.filter(({ breadth }) => breadth === "broad");
  const hosts = new Set(broad.map(({ host }) => host));

  t.true(broad.length > 10);
  for (const { host, opens = "" } of broad) t.regex(opens, /(tenant|customer)/, host);
  for (const { host, narrower = [] } of catalogue.entries)
    for (const name of narrower) t.false(hosts.has(name), `${host} for ${name}`);
});

test("a name that other tenants control in one entry is called so in every entry", (t) => {
  const broad = new Set(
    catalogue.entries.flatMap(({ host, breadth }) => (breadth === "broad" ? [host] : [])),
  );
  for (const { host, breadth } of catalogue.entries) if (broad.has(host)) t.is(breadth, "broad", host);
});

test("a test asks a name that its entry opens, with a status that says something", (t) => {
  const tested = catalogue.entries.filter(({ tests = [] }) => tests.length > 0);

  t.true(tested.length > 50);
  for (const { host, tests = [] } of tested) {
    t.false(/^\.|\*/.test(host), host);
    for (const { expect } of tests) t.true([200, 400, 404].includes(expect), `${host}: ${expect}`);
  }
});

test("the JSON Schema takes the catalogue, and its texts are plain ASCII", (t) => {
  t.true(isValid(catalogue), JSON.stringify(isValid.errors?.slice(0, 3)));
  t.regex(JSON.stringify(catalogue), /^[ -~]*$/);
});

const WRONG: [string, (entry: Entry, all: Record<string, unknown>) => void, RegExp][] = [
  ["a field that nobody knows", (entry) => (entry.colour = "red"), /entries\[0\]\.colour/],
  ["a field of the whole that nobody knows", (_, all) => (all.signature = "x"), /signature/],
  ["no host", (entry) => delete entry.host, /entries\[0\]\.host/],
  [
    "a wildcard as others write it",
    (entry) => (entry.host = "*.example.com"),
    /at most one \*|entries\[0\]\.host/,
  ],
  ["a name of one label", (entry) => (entry.host = ".com"), /entries\[0\]\.host/],
  ["upper case", (entry) => (entry.host = "A.example.com"), /entries\[0\]\.host/],
  ["a line break in a name", (entry) => (entry.host = "a.example.com\n.com"), /entries\[0\]\.host/],
  ["a space in a name", (entry) => (entry.host = "a.example.com .com"), /entries\[0\]\.host/],
  ["an address", (entry) => (entry.host = "10.0.0.1"), /entries\[0\]\.host/],
  ["two stars", (entry) => (entry.host = "a*.b*.example.com"), /at most one \*/],
  ["a star below a wildcard", (entry) => (entry.host = ".a*.example.com"), /at most one \*/],
  [
    "a pattern on port 80",
    (entry) => Object.assign(entry, { host: "a*.b.example.com", ports: [80] }),
    /443 alone/,
  ],
  ["another port", (entry) => (entry.ports = [443, 8443]), /entries\[0\]\.ports/],
  ["a service that is not there", (entry) => (entry.service = "nothing"), /the id of one of the services/],
  ["a source that is not there", (entry) => (entry.sources = ["nobody"]), /ids of the sources/],
  ["no source", (entry) => (entry.sources = []), /entries\[0\]\.sources/],
  ["a broad entry without words", (entry) => (entry.breadth = "broad"), /words where breadth is broad/],
  ["words on an entry that is not broad", (entry) => (entry.opens = "all"), /words where breadth is broad/],
  ["a workspace by its host alone", (entry) => (entry.host = "{workspace}a.example.com"), /workspace where/],
  ["a narrower name from nowhere", (entry) => (entry.narrower = ["x.example.com"]), /names of other entries/],
  ["an escape sequence", (entry) => (entry.purpose = "\u001b[2J"), /entries\[0\]\.purpose/],
  ["a status that is none", (entry) => (entry.tests = [{ path: "/", method: "GET", expect: 99 }]), /expect/],
  [
    "a path with a line break",
    (entry) => (entry.tests = [{ path: "/\r\nX: y", method: "GET", expect: 200 }]),
    /path/,
  ],
  ["the same entry twice", (entry, all) => (all.entries = [entry, { ...entry, required: false }]), /once/],
  ["a version that is no date", (_, all) => (all.version = "2026-13-01"), /a date such as/],
  ["a version before its sources", (_, all) => (all.version = "2020-01-01"), /not after the version/],
  ["another form", (_, all) => (all.schema = 2), /schema/],
];
for (const [title, spoil, message] of WRONG) {
  test(`refused: ${title}`, (t) => {
    const spoilt = copy();
    const [first] = spoilt.entries;
    spoil(first ?? {}, spoilt);
    const error = t.throws(() => parseCatalogue(spoilt, "new.json"));

    t.regex(error?.message ?? "", message);
    t.regex(error?.message ?? "", /^[ -~\n]*$/);
  });
}

test("what is no catalogue at all is refused", (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      t.throws(() => parseCatalogue(value, "new.json"));
    }),
  );
});

test("versions are ordered as days, and by their number on one day", (t) => {
  const day = fc
    .tuple(
      fc.integer({ min: 2000, max: 2099 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
    )
    .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join("-"));
  const version = fc.tuple(day, fc.integer({ min: 0, max: 20 }));
  const text = ([one, number]: [string, number]) => (number === 0 ? one : `${one}.${number}`);
  const sign = (one: [string, number], other: [string, number]) =>
    one[0] === other[0] ? Math.sign(one[1] - other[1]) : one[0] < other[0] ? -1 : 1;
  fc.assert(
    fc.property(version, version, (one, other) => {
      t.is(Math.sign(compareVersions(text(one), text(other))), sign(one, other));
    }),
  );
});
