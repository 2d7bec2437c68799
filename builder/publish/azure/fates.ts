import type { Disk, GalleryImage, GalleryImageVersion, Image } from "@azure/arm-compute";
import type { Problem } from "../../../appliance/settings/problem.ts";
import { CONTENT_TAG } from "./bodies.ts";
import type { Found, FoundBlob } from "./found.ts";
import { accountId, blobUrl, deleteBlobCommand, deleteCommand, isSameId, resourceId } from "./names.ts";
import type { AzureSettings } from "./settings.ts";

/** What becomes of a thing: made, gone on with, or used as it is. */
export type Fate = "new" | "resume" | "reuse";

export interface Fates {
  /** Of the disk, or of the blob. */
  upload: Fate;
  image?: Fate;
  gallery?: Fate;
  definition?: Fate;
  version?: Fate;
}

export interface Judgement {
  fates: Fates;
  /** Why it cannot be done, everything at once. */
  problems: Problem[];
  /** Commands that mend them. */
  remedies: string[];
}

/** The whole of an upload: its bytes with the footer, and the digest of its content. */
export interface Whole {
  size: number;
  content: string;
}

/** Metadata of a blob: `uploading` until its last byte is there. */
export const STATE_KEY = "posternstate";
/** Names of metadata have no hyphens. */
export const CONTENT_KEY = "posterncontent";
export const STATE_WHOLE = "whole";

/** Says what becomes of each thing, or why it cannot go on. */
export function judge(settings: AzureSettings, found: Found, whole: Whole): Judgement {
  const problems: Problem[] = [];
  const remedies: string[] = [];
  const refuse = (path: string, expected: string, got: string, remedy?: string): undefined => {
    problems.push({ path, expected, got });
    if (remedy !== undefined) remedies.push(remedy);
  };
  const goesOn = settings.image !== undefined || settings.gallery !== undefined;
  const upload =
    settings.blob === undefined
      ? diskFate(settings, found.disk, whole, goesOn, refuse)
      : blobFate(settings, found.blob, whole, goesOn, refuse);
  const isWhole = upload === "reuse";
  const image = imageFate(settings, found.image, isWhole, refuse);
  const version = versionFate(settings, found.version, isWhole && image !== "new", refuse);
  definitionProblems(settings, found.definition, refuse);
  const { gallery } = settings;
  return {
    fates: {
      upload: upload ?? "new",
      ...(image === undefined ? {} : { image }),
      ...(gallery === undefined
        ? {}
        : {
            gallery: found.gallery === undefined ? "new" : "reuse",
            definition: found.definition === undefined ? "new" : "reuse",
          }),
      ...(version === undefined ? {} : { version }),
    },
    problems,
    remedies,
  };
}

type Refuse = (path: string, expected: string, got: string, remedy?: string) => undefined;

function diskFate(
  settings: AzureSettings,
  disk: Disk | undefined,
  { size, content }: Whole,
  goesOn: boolean,
  refuse: Refuse,
): Fate | undefined {
  if (disk === undefined) return "new";
  const path = `disk ${settings.disk}`;
  const remove = deleteCommand(settings, "disk", settings.disk);
  const { createOption, uploadSizeBytes } = disk.creationData ?? {};
  if (createOption !== "Upload")
    return refuse(
      path,
      "no disk of that name, or one made for an upload",
      `one made by ${createOption}`,
      "--disk NAME names another.",
    );
  const tag = disk.tags?.[CONTENT_TAG];
  const isOpen = disk.diskState === "ReadyToUpload" || disk.diskState === "ActiveUpload";
  if (uploadSizeBytes !== size)
    return refuse(
      path,
      `an upload of ${size} bytes`,
      `${isOpen ? "a half-made one" : "one"} of ${uploadSizeBytes} bytes`,
      remove,
    );
  if (tag !== undefined && tag !== content)
    return refuse(path, "an upload of this image", "one of another image", remove);
  if (disk.hyperVGeneration !== "V2" || disk.osType !== "Linux")
    return refuse(
      path,
      "Linux, generation V2",
      `${disk.osType}, generation ${disk.hyperVGeneration}`,
      remove,
    );
  if (isOpen) return "resume";
  if (disk.diskState === "Unattached" && tag === content && goesOn) return "reuse";
  const got = tag === content ? "this image, whole already" : "a disk that is whole already";
  return refuse(
    path,
    "a disk that is not there, or half sent",
    `${got} (${disk.diskState})`,
    tag === content ? "Nothing is left to do for it; --image or --gallery go on from it." : remove,
  );
}

function blobFate(
  settings: AzureSettings,
  found: FoundBlob | undefined,
  { size, content }: Whole,
  goesOn: boolean,
  refuse: Refuse,
): Fate | undefined {
  const { blob } = settings;
  if (found === undefined || blob === undefined) return "new";
  const path = `blob ${blobUrl(settings, blob)}`;
  const remove = deleteBlobCommand(blob);
  const { isPageBlob, metadata } = found;
  if (!isPageBlob || metadata[STATE_KEY] === undefined)
    return refuse(
      path,
      "no blob of that name, or one begun by Postern",
      "another one",
      "--blob NAME names another.",
    );
  if (found.size !== size || metadata[CONTENT_KEY] !== content)
    return refuse(path, `${size} bytes of this image`, `${found.size} bytes of another image`, remove);
  if (metadata[STATE_KEY] !== STATE_WHOLE) return "resume";
  if (goesOn) return "reuse";
  return refuse(path, "a blob that is not there, or half sent", "this image, whole already", remove);
}

function imageFate(
  settings: AzureSettings,
  found: Image | undefined,
  isWhole: boolean,
  refuse: Refuse,
): Fate | undefined {
  const { image, blob, disk } = settings;
  if (image === undefined) return undefined;
  if (found === undefined) return "new";
  const source = found.storageProfile?.osDisk;
  const isOurs =
    blob === undefined
      ? isSameId(source?.managedDisk?.id, resourceId(settings, `disks/${disk}`))
      : source?.blobUri === blobUrl(settings, blob);
  if (isOurs && isWhole && found.hyperVGeneration === "V2") return "reuse";
  return refuse(
    `image ${image}`,
    "an image that is not there, or one made of this disk",
    "another one",
    deleteCommand(settings, "image", image),
  );
}

function versionFate(
  settings: AzureSettings,
  found: GalleryImageVersion | undefined,
  isWhole: boolean,
  refuse: Refuse,
): Fate | undefined {
  const { gallery, blob, image } = settings;
  if (gallery === undefined) return undefined;
  if (found === undefined) return "new";
  const { source, osDiskImage } = found.storageProfile ?? {};
  const isOurs =
    blob === undefined
      ? isSameId(source?.id, resourceId(settings, `images/${image}`))
      : osDiskImage?.source?.uri === blobUrl(settings, blob) &&
        isSameId(osDiskImage?.source?.storageAccountId, accountId(settings, blob));
  const state = found.provisioningState ?? "";
  if (isOurs && isWhole && (state === "Creating" || state === "Updating")) return "resume";
  return refuse(
    `version ${gallery.version} of ${gallery.definition}`,
    "a version that is not there",
    `one in the state ${state}`,
    `--image-version names another; az sig image-version delete --resource-group ${settings.resourceGroup} --gallery-name ${gallery.name} --gallery-image-definition ${gallery.definition} --gallery-image-version ${gallery.version}`,
  );
}

/** A definition's kind is for ever: what it says decides which machines start from its versions. */
function definitionProblems(settings: AzureSettings, found: GalleryImage | undefined, refuse: Refuse): void {
  if (found === undefined || settings.gallery === undefined) return;
  const path = `definition ${settings.gallery.definition}`;
  const security = found.features?.find(({ name }) => name === "SecurityType")?.value;
  const wanted: [what: string, is: string | undefined, should: string, fits: boolean][] = [
    ["osType", found.osType, "Linux", found.osType === "Linux"],
    ["osState", found.osState, "Generalized", found.osState === "Generalized"],
    ["hyperVGeneration", found.hyperVGeneration, "V2", found.hyperVGeneration === "V2"],
    ["architecture", found.architecture, "x64", (found.architecture ?? "x64") === "x64"],
    ["SecurityType", security, "TrustedLaunchSupported", security?.startsWith("TrustedLaunch") === true],
  ];
  for (const [what, is, should, fits] of wanted)
    if (!fits) refuse(`${path}: ${what}`, should, is ?? "nothing", "--definition NAME names another.");
}
