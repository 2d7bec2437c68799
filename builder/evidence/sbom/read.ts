import Joi from "joi";
import { messageOf, PosternError } from "../../error.ts";
import { PROPERTIES } from "./model.ts";
import { parsePackageUrl } from "./purl.ts";

/** What an SBOM says that can be held against an image. */
export interface ReadSbom {
  /** Of the image: `postern`'s. */
  version: string;
  packages: readonly ReadPackage[];
  files: readonly ReadFile[];
}

/** A package of the distribution. */
export interface ReadPackage {
  name: string;
  version: string;
  /** Of the .deb, hex; none where Postern made it. */
  sha256?: string;
}

/** A file of the image, without a first slash. */
export interface ReadFile {
  path: string;
  sha256: string;
}

export type SbomFormat = "SPDX" | "CycloneDX";

const ENDINGS: Readonly<Record<SbomFormat, string>> = { SPDX: ".spdx.json", CycloneDX: ".cdx.json" };

/** Its other format, as both are named. */
export function otherFormat(name: string): string {
  const format = sbomFormatOf(name) ?? "SPDX";
  const other = format === "SPDX" ? "CycloneDX" : "SPDX";
  return name.slice(0, -ENDINGS[format].length) + ENDINGS[other];
}

/** The format of an SBOM by its file's name. */
export function sbomFormatOf(name: string): SbomFormat | undefined {
  if (name.endsWith(ENDINGS.SPDX)) return "SPDX";
  return name.endsWith(ENDINGS.CycloneDX) ? "CycloneDX" : undefined;
}

/** A component of either format. */
interface Item {
  name: string;
  version: string;
  purl?: string;
  sha256?: string;
  file?: string;
}

/**
 * Reads an SBOM as this builder writes it.
 *
 * @throws PosternError `artifact.sbom` when it is none.
 */
export function readSbom(text: string, format: SbomFormat, file: string): ReadSbom {
  try {
    const items = format === "SPDX" ? spdxItems(JSON.parse(text)) : cyclonedxItems(JSON.parse(text));
    const own = items.find(({ name }) => name === "postern");
    if (own === undefined) throw new Error("it names no postern");
    return { version: own.version, packages: items.flatMap(packageOf), files: items.flatMap(fileOf) };
  } catch (error) {
    throw new PosternError({
      code: "artifact.sbom",
      message: `${file} is not an SBOM of ours in ${format}: ${messageOf(error)}`,
      hint: "Fetch it again, or build again: ./postern build.",
      cause: error,
    });
  }
}

function packageOf({ purl, sha256, ...item }: Item): ReadPackage[] {
  if (purl === undefined) return [];
  const parts = parsePackageUrl(purl);
  if (parts === undefined) throw new Error(`${purl} is no package URL of ours`);
  if (parts.type !== "deb") return [];
  const { name, version } = parts;
  if (name !== item.name || version !== item.version) {
    throw new Error(`${item.name} ${item.version} has the package URL of ${name} ${version}`);
  }
  return [{ name, version, ...(sha256 === undefined ? {} : { sha256 }) }];
}

function fileOf({ file, sha256, name }: Item): ReadFile[] {
  if (file === undefined) return [];
  if (sha256 === undefined) throw new Error(`${name} is a file without a SHA-256`);
  return [{ path: file.replace(/^\.\//, ""), sha256 }];
}

const text = Joi.string().required();
const sha256 = Joi.string().hex().length(64);

interface SpdxDocument {
  spdxVersion: string;
  packages: {
    name: string;
    versionInfo: string;
    packageFileName?: string;
    checksums: { algorithm: string; checksumValue: string }[];
    externalRefs: { referenceType: string; referenceLocator: string }[];
  }[];
}

const spdxSchema = Joi.object<SpdxDocument>({
  spdxVersion: Joi.valid("SPDX-2.3").required(),
  packages: Joi.array()
    .items(
      Joi.object({
        name: text,
        versionInfo: text,
        packageFileName: Joi.string().pattern(/^\.\/[^\0]+$/),
        checksums: Joi.array()
          .items(Joi.object({ algorithm: text, checksumValue: text }))
          .default([]),
        externalRefs: Joi.array()
          .items(Joi.object({ referenceType: text, referenceLocator: text }).unknown())
          .default([]),
      }).unknown(),
    )
    .required(),
}).unknown();

function spdxItems(document: unknown): Item[] {
  const { packages }: SpdxDocument = Joi.attempt(document, spdxSchema, { convert: false });
  return packages.map(({ name, versionInfo, packageFileName, checksums, externalRefs }) =>
    itemOf(name, versionInfo, {
      purl: externalRefs.find(({ referenceType }) => referenceType === "purl")?.referenceLocator,
      sha256: checksums.find(({ algorithm }) => algorithm === "SHA256")?.checksumValue,
      file: packageFileName,
    }),
  );
}

interface CdxItem {
  name: string;
  version: string;
  purl?: string;
  hashes: { alg: string; content: string }[];
  properties: { name: string; value: string }[];
  components: CdxItem[];
}

const cdxItem = Joi.object<CdxItem>({
  name: text,
  version: text,
  purl: Joi.string(),
  hashes: Joi.array()
    .items(Joi.object({ alg: text, content: text }))
    .default([]),
  properties: Joi.array()
    .items(Joi.object({ name: text, value: text }))
    .default([]),
  components: Joi.array().items(Joi.link("#item")).default([]),
})
  .unknown()
  .id("item");

interface CdxDocument {
  bomFormat: string;
  specVersion: string;
  metadata: { component: CdxItem };
  components: CdxItem[];
}

const cdxSchema = Joi.object<CdxDocument>({
  bomFormat: Joi.valid("CycloneDX").required(),
  specVersion: Joi.valid("1.6").required(),
  metadata: Joi.object({ component: cdxItem.required() }).unknown().required(),
  components: Joi.array().items(cdxItem).required(),
}).unknown();

function cyclonedxItems(document: unknown): Item[] {
  const { metadata, components }: CdxDocument = Joi.attempt(document, cdxSchema, { convert: false });
  return [metadata.component, ...components].flatMap(flatten);
}

function flatten(one: CdxItem): Item[] {
  const item = itemOf(one.name, one.version, {
    purl: one.purl,
    sha256: one.hashes.find(({ alg }) => alg === "SHA-256")?.content,
    file: one.properties.find(({ name }) => name === PROPERTIES.file)?.value,
  });
  return [item, ...one.components.flatMap(flatten)];
}

function itemOf(
  name: string,
  version: string,
  rest: { purl: string | undefined; sha256: string | undefined; file: string | undefined },
): Item {
  if (rest.sha256 !== undefined) Joi.assert(rest.sha256, sha256, `SHA-256 of ${name}`);
  return {
    name,
    version,
    ...(rest.purl === undefined ? {} : { purl: rest.purl }),
    ...(rest.sha256 === undefined ? {} : { sha256: rest.sha256 }),
    ...(rest.file === undefined ? {} : { file: rest.file }),
  };
}
