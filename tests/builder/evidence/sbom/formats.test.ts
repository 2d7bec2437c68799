import test from "ava";
import { cyclonedxText } from "../../../../builder/evidence/sbom/cyclonedx.ts";
import { distributionParts } from "../../../../builder/evidence/sbom/distribution.ts";
import { parseDpkgStatus } from "../../../../builder/evidence/sbom/dpkg.ts";
import { readSbom } from "../../../../builder/evidence/sbom/read.ts";
import { spdxText } from "../../../../builder/evidence/sbom/spdx.ts";
import { cyclonedxFaults, FILES, LISTED, NAME, STATUS, sampleSbom, spdxFaults } from "./kit.ts";

interface Spdx {
  packages: { SPDXID: string; name: string; licenseDeclared: string; externalRefs?: object[] }[];
  relationships: { spdxElementId: string; relationshipType: string; relatedSpdxElement: string }[];
  hasExtractedLicensingInfos: { licenseId: string; extractedText: string }[];
}

interface CycloneDx {
  serialNumber: string;
  metadata: { timestamp: string };
  components: { "bom-ref": string; type: string; name: string; components?: object[]; licenses?: object[] }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

const sbom = sampleSbom();
const spdx: Spdx = JSON.parse(spdxText(sbom));
const cyclonedx: CycloneDx = JSON.parse(cyclonedxText(sbom));

test("SPDX: valid by its published schema, which finds what is not", async (t) => {
  t.deepEqual(await spdxFaults(spdx), []);
  const { packages, ...rest } = spdx;
  const [first, ...others] = packages;
  t.true(
    (await spdxFaults({ ...rest, packages: [{ ...first, filesAnalyzed: "no" }, ...others] })).length > 0,
  );
  t.true((await spdxFaults({ ...spdx, surprise: 1 })).length > 0);
});

test("CycloneDX: valid by its published schema, which finds what is not", async (t) => {
  t.deepEqual(await cyclonedxFaults(cyclonedx), []);
  t.true((await cyclonedxFaults({ ...cyclonedx, serialNumber: "1" })).length > 0);
  t.true((await cyclonedxFaults({ ...cyclonedx, components: [{ type: "surprise", name: "x" }] })).length > 0);
});

test("SPDX: one package is described, all others are in it, and every reference leads somewhere", (t) => {
  const ids = new Set(spdx.packages.map(({ SPDXID }) => SPDXID));
  t.is(ids.size, spdx.packages.length);
  const { relationships } = spdx;
  t.deepEqual(
    relationships.filter(({ relationshipType }) => relationshipType === "DESCRIBES"),
    [
      {
        spdxElementId: "SPDXRef-DOCUMENT",
        relationshipType: "DESCRIBES",
        relatedSpdxElement: "SPDXRef-appliance",
      },
    ],
  );
  for (const { relatedSpdxElement } of relationships) t.true(ids.has(relatedSpdxElement), relatedSpdxElement);
  const inside = relationships.filter(({ relationshipType }) => relationshipType === "CONTAINS");
  t.deepEqual(
    inside.map(({ relatedSpdxElement }) => relatedSpdxElement).sort(),
    [...ids].filter((id) => id !== "SPDXRef-appliance").sort(),
  );
  const texts = spdx.hasExtractedLicensingInfos.map(({ licenseId }) => licenseId);
  const used = spdx.packages.flatMap(
    ({ licenseDeclared }) => licenseDeclared.match(/LicenseRef-[\w.-]+/g) ?? [],
  );
  t.deepEqual([...new Set(used)].sort(), texts);
});

test("SPDX: a package with hash, source, purl and licence, and one that says nothing", (t) => {
  const find = (name: string) => spdx.packages.find((one) => one.name === name);
  t.like(find("libstdc++6"), {
    SPDXID: "SPDXRef-deb-libstdc-plus--plus-6-amd64",
    versionInfo: "14.2.0-19+b1",
    supplier: "Organization: Debian",
    sourceInfo: "built from source package gcc-14 14.2.0-19",
    checksums: [{ algorithm: "SHA256", checksumValue: "d".repeat(64) }],
    licenseConcluded: "NOASSERTION",
  });
  t.deepEqual(find("libstdc++6")?.externalRefs, [
    {
      referenceCategory: "PACKAGE-MANAGER",
      referenceType: "purl",
      referenceLocator:
        "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19%2Bb1?arch=amd64&distro=debian-13&upstream=gcc-14%4014.2.0-19",
    },
  ]);
  t.regex(
    find("libc6")?.licenseDeclared ?? "",
    /^\(LGPL-2\.1-or-later OR MIT\) AND LicenseRef-debian-Inner-Net-\w{12}$/,
  );
  t.like(find("auditd"), { licenseDeclared: "NOASSERTION" });
  t.like(find("postern-netcat"), { supplier: "Organization: Postern" });
  t.like(find("odd"), { licenseDeclared: "NOASSERTION", supplier: "Organization: npm" });
  t.is(find("ngtcp2"), undefined);
});

test("Ubuntu's packages are Ubuntu's", (t) => {
  const base = { id: "ubuntu-24.04", distribution: "ubuntu", title: "Ubuntu 24.04 LTS" } as const;
  const none = (): undefined => undefined;
  const [system, first, ...rest] = distributionParts(base, parseDpkgStatus(STATUS), LISTED, none).components;
  t.like(system, { kind: "operating-system", name: "ubuntu", version: "24.04" });
  t.like(first, {
    supplier: "Ubuntu",
    purl: "pkg:deb/ubuntu/auditd@1:4.0.2-2%2Bdeb13u1?arch=amd64&distro=ubuntu-24.04&upstream=audit",
  });
  t.like(rest.at(-1), { supplier: "Postern", hashes: [] });
});

test("CycloneDX: what is bundled lies in what it is bundled into; packages lie beside the distribution", (t) => {
  const names = (components: readonly object[] = []): unknown[] =>
    components.map((one) => ("name" in one ? one.name : undefined));
  t.deepEqual(names(cyclonedx.components), [
    ...["debian", "auditd", "libc6", "libstdc++6", "postern-netcat", "posternctl", "node"],
  ]);
  const inside = (name: string) => cyclonedx.components.find((one) => one.name === name)?.components;
  t.is(inside("debian"), undefined);
  t.deepEqual(names(inside("posternctl")), ["@clack/core", "odd", "postern-catalogue"]);
  t.deepEqual(names(inside("node")), ["openssl", "cjs_lexer"]);
  const needs = cyclonedx.dependencies.find(({ ref }) => ref === "deb-auditd-amd64")?.dependsOn;
  t.deepEqual(needs, ["deb-libc6-amd64", "deb-libstdc-plus--plus-6-amd64", "deb-postern--netcat-all"]);
});

test("the same SBOM gives the same bytes, and another one another id", (t) => {
  t.is(spdxText(sampleSbom()), spdxText(sbom));
  t.is(cyclonedxText(sampleSbom()), cyclonedxText(sbom));
  t.is(cyclonedx.metadata.timestamp, "2026-01-01T00:00:00.000Z");
  t.regex(
    cyclonedx.serialNumber,
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  const other = sampleSbom({ console: "3".repeat(64), node: "2".repeat(64) });
  t.not(JSON.parse(cyclonedxText(other)).serialNumber, cyclonedx.serialNumber);
  t.not(JSON.parse(spdxText(other)).documentNamespace, JSON.parse(spdxText(sbom)).documentNamespace);
});

for (const [format, text] of [
  ["SPDX", spdxText(sbom)],
  ["CycloneDX", cyclonedxText(sbom)],
] as const) {
  test(`${format}: what is read is what was written`, (t) => {
    const read = readSbom(text, format, NAME);
    t.is(read.version, "1.2.3");
    t.deepEqual(read.packages, LISTED);
    t.deepEqual(read.files, [
      { path: FILES.console, sha256: "1".repeat(64) },
      { path: FILES.node, sha256: "2".repeat(64) },
    ]);
  });

  for (const [what, change] of [
    ["no JSON", () => "{"],
    ["another format", () => JSON.stringify({ spdxVersion: "SPDX-2.2", bomFormat: "?" })],
    ["a broken purl", (all: string) => all.replace("pkg:deb/debian/libc6@", "pkg:deb/debian/libc6")],
    ["a purl of another version", (all: string) => all.replace("libc6@2.41-12", "libc6@2.41-13")],
    ["a hash that is none", (all: string) => all.replace("1".repeat(64), "1".repeat(63))],
    ["no postern", (all: string) => all.replace('"name": "postern",\n', '"name": "other",\n')],
  ] as const) {
    test(`${format}: ${what} is refused`, (t) => {
      const changed = change(text);
      t.not(changed, text);
      // The tool that made it has the name, too.
      const broken =
        what === "no postern" ? changed.replaceAll('"name": "postern"', '"name": "other"') : changed;
      t.throws(() => readSbom(broken, format, NAME), { code: "artifact.sbom", message: new RegExp(NAME) });
    });
  }
}
