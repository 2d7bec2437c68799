import { sbomUuid, timeText } from "./id.ts";
import { APPLIANCE_REF, type Component, type ComponentKind, type Hash, type Sbom } from "./model.ts";

const UNKNOWN = "NOASSERTION";

/** As the JSON schema spells them. What a .deb is for, nothing says. */
const PURPOSES: Readonly<Partial<Record<ComponentKind, string>>> = {
  "operating-system": "OPERATING_SYSTEM",
  application: "APPLICATION",
  library: "LIBRARY",
  data: "OTHER",
};
const ALGORITHMS: Readonly<Record<Hash["algorithm"], string>> = { "SHA-256": "SHA256", "SHA-512": "SHA512" };

/**
 * The SBOM as SPDX 2.3 in JSON. The same SBOM gives the same bytes.
 *
 * @see https://spdx.github.io/spdx-spec/v2.3/
 */
export function spdxText(sbom: Sbom): string {
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: sbom.name,
    documentNamespace: `https://spdx.org/spdxdocs/${sbom.name}-${sbomUuid(sbom, "spdx")}`,
    creationInfo: {
      created: timeText(sbom.epoch),
      creators: [`Tool: postern-${sbom.version}`, "Organization: Postern"],
      comment: "The time is that of the image's files, for the same bytes in every build.",
    },
    packages: sbom.components.map(packageOf),
    hasExtractedLicensingInfos: sbom.texts.map(({ id, name, text }) => ({
      licenseId: id,
      name,
      extractedText: text,
    })),
    relationships: [
      relationship("SPDXRef-DOCUMENT", "DESCRIBES", spdxId(APPLIANCE_REF)),
      ...sbom.components.flatMap(relationshipsOf),
    ],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function packageOf(one: Component) {
  const { license, supplier, file, source, hashes } = one;
  return {
    SPDXID: spdxId(one.ref),
    name: one.name,
    versionInfo: one.version,
    ...(file === undefined ? {} : { packageFileName: `./${file}` }),
    supplier: supplier === undefined ? UNKNOWN : `Organization: ${supplier}`,
    downloadLocation: UNKNOWN,
    filesAnalyzed: false,
    ...(hashes.length === 0
      ? {}
      : {
          checksums: hashes.map(({ algorithm, value }) => ({
            algorithm: ALGORITHMS[algorithm],
            checksumValue: value,
          })),
        }),
    ...(source === undefined
      ? {}
      : { sourceInfo: `built from source package ${source.name} ${source.version}` }),
    licenseConcluded: UNKNOWN,
    licenseDeclared: license.expression ?? UNKNOWN,
    licenseComments: license.comment,
    copyrightText: UNKNOWN,
    ...(one.description === undefined ? {} : { summary: one.description }),
    ...(one.purl === undefined && one.cpe === undefined ? {} : { externalRefs: externalRefs(one) }),
    ...(PURPOSES[one.kind] === undefined ? {} : { primaryPackagePurpose: PURPOSES[one.kind] }),
  };
}

function externalRefs({ purl, cpe }: Component) {
  const ref = (referenceCategory: string, referenceType: string, referenceLocator: string | undefined) =>
    referenceLocator === undefined ? [] : [{ referenceCategory, referenceType, referenceLocator }];
  return [...ref("PACKAGE-MANAGER", "purl", purl), ...ref("SECURITY", "cpe23Type", cpe)];
}

function relationshipsOf({ ref, contains, dependsOn }: Component) {
  return [
    ...contains.map((other) => relationship(spdxId(ref), "CONTAINS", spdxId(other))),
    ...dependsOn.map((other) => relationship(spdxId(ref), "DEPENDS_ON", spdxId(other))),
  ];
}

function relationship(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

function spdxId(ref: string): string {
  return `SPDXRef-${ref}`;
}
