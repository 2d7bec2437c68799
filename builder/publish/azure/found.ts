import type { Disk, Gallery, GalleryImage, GalleryImageVersion, Image } from "@azure/arm-compute";
import { lookUp, type Session } from "./client.ts";
import { explainAzure } from "./explain.ts";
import { faultOf } from "./fault.ts";
import { blobUrl } from "./names.ts";
import { retrier } from "./patience.ts";

/** What Azure has already of what is to be made. */
export interface Found {
  disk?: Disk;
  blob?: FoundBlob;
  image?: Image;
  gallery?: Gallery;
  definition?: GalleryImage;
  version?: GalleryImageVersion;
}

export interface FoundBlob {
  isPageBlob: boolean;
  /** Bytes. */
  size: number;
  metadata: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; tells it from an earlier one of the same name. */
  made: number;
}

/**
 * Looks at everything before anything is made.
 *
 * @param lookAtBlob in the place of the look at the blob
 */
export async function lookAround(session: Session, lookAtBlob = foundBlob): Promise<Found> {
  const { resourceGroup = "", disk, blob, image, gallery } = session.settings;
  const found: Found = {};
  if (blob === undefined) {
    const one = await lookUp(session, `the disk ${disk}`, ({ disks }, options) =>
      disks.get(resourceGroup, disk, options),
    );
    if (one !== undefined) found.disk = one;
  } else {
    const one = await lookAtBlob(session);
    if (one !== undefined) found.blob = one;
  }
  if (image !== undefined) {
    const one = await lookUp(session, `the image ${image}`, ({ images }, options) =>
      images.get(resourceGroup, image, options),
    );
    if (one !== undefined) found.image = one;
  }
  if (gallery === undefined) return found;
  const { name, definition, version } = gallery;
  const [first, second, third] = [
    await lookUp(session, `the gallery ${name}`, ({ galleries }, options) =>
      galleries.get(resourceGroup, name, options),
    ),
    await lookUp(session, `the definition ${definition}`, ({ galleryImages }, options) =>
      galleryImages.get(resourceGroup, name, definition, options),
    ),
    await lookUp(session, `the version ${version}`, ({ galleryImageVersions }, options) =>
      galleryImageVersions.get(resourceGroup, name, definition, version, options),
    ),
  ];
  return {
    ...found,
    ...(first === undefined ? {} : { gallery: first }),
    ...(second === undefined ? {} : { definition: second }),
    ...(third === undefined ? {} : { version: third }),
  };
}

/** The page blob's properties; undefined where it, or its container, is not there. */
export async function foundBlob({ services, settings, signal }: Session): Promise<FoundBlob | undefined> {
  const { blob } = settings;
  if (blob === undefined) return undefined;
  try {
    const client = services.container(blob).getPageBlobClient(blob.name);
    const ask = retrier(services.patience, signal);
    const {
      blobType,
      contentLength = 0,
      metadata = {},
      createdOn,
    } = await ask.run(() => client.getProperties({ abortSignal: signal }));
    const made = createdOn?.getTime() ?? 0;
    return { isPageBlob: blobType === "PageBlob", size: contentLength, metadata, made };
  } catch (error) {
    signal.throwIfAborted();
    if (faultOf(error)?.status === 404) return undefined;
    throw explainAzure(error, settings, `look at the blob ${blobUrl(settings, blob)}`);
  }
}
