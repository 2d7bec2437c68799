import Joi from "joi";
import { oneOf } from "../../recipe/oneof.ts";
import { BASE_IDS } from "../../recipe/recipe.ts";
import { CLOUD_NAMES, type CloudName } from "./clouds.ts";

export const AUTH_WAYS = ["cli", "managed-identity", "device-code", "env"] as const;
export type AuthWay = (typeof AUTH_WAYS)[number];

/** Where to sign in, and in which subscription everything lies. */
export interface AzureAccount {
  cloud: CloudName;
  auth: AuthWay;
  tenant?: string;
  /** Of a managed identity that is not the only one, or of an application for device codes. */
  clientId?: string;
  /** Absent only where a page blob is all that is wanted. */
  subscription?: string;
}

export interface BlobPlace {
  account: string;
  container: string;
  name: string;
  /** The storage account's, where it is another than `resourceGroup`. */
  resourceGroup?: string;
}

export interface GalleryPlace {
  name: string;
  definition: string;
  /** Three numbers. */
  version: string;
  publisher: string;
  offer: string;
  sku: string;
  /** Beside `location`. */
  regions: readonly string[];
  /** In each region. */
  replicas: number;
}

/** What is to be made. A managed disk where no blob is named. */
export interface AzureSettings extends AzureAccount {
  resourceGroup?: string;
  location?: string;
  /** Of the managed disk once it is whole. */
  sku: string;
  disk: string;
  blob?: BlobPlace;
  image?: string;
  gallery?: GalleryPlace;
  /** Requests at once. */
  parallel: number;
}

/** The section `azure` of publish.yaml; flags write the same fields. */
export interface AzureFile {
  subscription?: string;
  resourceGroup?: string;
  location?: string;
  cloud?: CloudName;
  auth?: AuthWay;
  tenant?: string;
  clientId?: string;
  sku?: string;
  disk?: string;
  blob?: Partial<BlobPlace>;
  image?: string;
  gallery?: Partial<GalleryPlace>;
  parallel?: number;
}

function named(pattern: RegExp, what: string): Joi.StringSchema {
  return Joi.string().pattern(pattern).messages({ "*": what });
}

function whole(least: number, most: number): Joi.NumberSchema {
  return Joi.number()
    .integer()
    .min(least)
    .max(most)
    .messages({ "*": `a whole number from ${least} to ${most}` });
}

const uuid = named(
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  "an id such as 01234567-89ab-cdef-0123-456789abcdef",
);
/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules, for this and all below. */
const resourceGroup = named(/^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u, "the name of a resource group");
const region = named(/^[a-z][a-z0-9]{1,49}$/, "a region such as westeurope");
const resource = named(
  /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$/,
  "a name of at most 80 letters, digits, hyphens, dots and underscores",
);
const part = named(
  /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?$/,
  "a name of at most 64 letters, digits, hyphens, dots and underscores",
);

const UNKNOWN = { "object.unknown": "no such field", "object.base": "a group of fields" };

/** The section as it is written. Which fields are needed depends on what is to be made: see `lacking`. */
export const azureSchema = Joi.object<AzureFile>({
  subscription: uuid,
  resourceGroup,
  location: region,
  cloud: oneOf(CLOUD_NAMES),
  auth: oneOf(AUTH_WAYS),
  tenant: named(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, "a tenant's id or domain"),
  clientId: uuid,
  sku: oneOf(["Standard_LRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Premium_LRS", "Premium_ZRS"]),
  disk: resource,
  blob: Joi.object({
    account: named(/^[a-z0-9]{3,24}$/, "the name of a storage account: 3 to 24 small letters and digits"),
    container: named(
      /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/,
      "the name of a container: 3 to 63 small letters, digits and single hyphens",
    ),
    // Azure makes disks and images of blobs with this ending only.
    name: named(/^(?=.{5,200}$)[A-Za-z0-9_][A-Za-z0-9_./-]*\.vhd$/, "the name of a blob that ends in .vhd"),
    resourceGroup,
  }).messages(UNKNOWN),
  image: resource,
  gallery: Joi.object({
    name: named(
      /^[A-Za-z0-9]([A-Za-z0-9_.]{0,78}[A-Za-z0-9])?$/,
      "the name of a gallery: at most 80 letters, digits, dots and underscores",
    ),
    definition: resource,
    version: named(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/, "three numbers such as 1.0.0"),
    publisher: part,
    offer: part,
    sku: part,
    regions: Joi.array()
      .items(region)
      .unique()
      .messages({ "array.base": "a list of regions", "array.unique": "each only once" }),
    replicas: whole(1, 100),
  }).messages(UNKNOWN),
  parallel: whole(1, 16),
}).messages(UNKNOWN);

/** What must be there and is not, by field, with what it is for. */
export function lacking(file: AzureFile, stem: string): { path: string; expected: string }[] {
  const manages = file.blob === undefined || file.image !== undefined || file.gallery !== undefined;
  const wanted: [path: string, value: unknown, expected: string, isWanted: boolean][] = [
    ["subscription", file.subscription, "the id of the subscription (az account show --query id)", manages],
    ["resourceGroup", file.resourceGroup, "the resource group that everything goes into", manages],
    ["location", file.location, "the region, such as westeurope", manages],
    ["blob.account", file.blob?.account, "the storage account", file.blob !== undefined],
    ["blob.container", file.blob?.container, "the container in it", file.blob !== undefined],
    ["gallery.name", file.gallery?.name, "the gallery", file.gallery !== undefined],
    [
      "gallery.version",
      file.gallery?.version ?? versionOf(stem),
      "three numbers; the image's name has none to take",
      file.gallery !== undefined,
    ],
    [
      "gallery.definition",
      file.gallery?.definition,
      "the image definition in it",
      file.gallery !== undefined,
    ],
  ];
  const lacks = wanted
    .filter(([, value, , isWanted]) => isWanted && value === undefined)
    .map(([path, , expected]) => ({ path, expected }));
  if (file.blob === undefined || file.disk === undefined) return lacks;
  return [...lacks, { path: "disk", expected: "a disk or a blob, not both" }];
}

/** @param stem name of the image without its ending; what is not named is named after it. */
export function azureSettings(file: AzureFile, stem: string): AzureSettings {
  const { blob, gallery, ...rest } = file;
  const disk = file.disk ?? stem;
  const version = gallery?.version ?? versionOf(stem);
  // A gallery takes no disk with Trusted Launch, but an image of one; of a blob it takes the blob itself.
  const image = file.image ?? (gallery !== undefined && blob === undefined ? disk : undefined);
  return {
    ...{ cloud: "public", auth: "cli", sku: "StandardSSD_LRS", parallel: 6 },
    ...rest,
    disk,
    ...(image === undefined ? {} : { image }),
    ...(blob === undefined ? {} : { blob: blobPlace(blob, stem) }),
    ...(gallery === undefined ? {} : { gallery: galleryPlace(gallery, version) }),
  };
}

/** The version in a build's name, where a gallery takes it: three numbers and nothing behind them. */
export function versionOf(stem: string): string | undefined {
  return new RegExp(`^postern-(\\d{1,9}\\.\\d{1,9}\\.\\d{1,9})-(?:${BASE_IDS.join("|")})-amd64$`).exec(
    stem,
  )?.[1];
}

function blobPlace(blob: Partial<BlobPlace>, stem: string): BlobPlace {
  return { account: "", container: "", name: `${stem}.vhd`, ...blob };
}

function galleryPlace(gallery: Partial<GalleryPlace>, version: string | undefined): GalleryPlace {
  const definition = gallery.definition ?? "";
  return {
    ...{ name: "", publisher: "postern", offer: "postern", sku: definition, regions: [], replicas: 1 },
    ...gallery,
    definition,
    version: version ?? "",
  };
}
