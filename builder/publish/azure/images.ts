import { PosternError } from "../../error.ts";
import {
  definitionBody,
  galleryBody,
  type ImageSource,
  imageBody,
  type VersionSource,
  versionBody,
} from "./bodies.ts";
import { type Session, step } from "./client.ts";
import type { GalleryPlace } from "./settings.ts";
import { sleep } from "./sleep.ts";

export async function createImage(session: Session, name: string, source: ImageSource): Promise<void> {
  const { settings } = session;
  const { resourceGroup = "" } = settings;
  await step(session, `create the image ${name}`, ({ images }, options) =>
    images.createOrUpdate(resourceGroup, name, imageBody(settings, source), options),
  );
}

export async function createGallery(session: Session, { name }: GalleryPlace): Promise<void> {
  const { settings } = session;
  const { resourceGroup = "" } = settings;
  await step(session, `create the gallery ${name}`, ({ galleries }, options) =>
    galleries.createOrUpdate(resourceGroup, name, galleryBody(settings), options),
  );
}

export async function createDefinition(session: Session, gallery: GalleryPlace): Promise<void> {
  const { settings } = session;
  const { resourceGroup = "" } = settings;
  const { name, definition } = gallery;
  await step(session, `create the definition ${definition}`, ({ galleryImages }, options) =>
    galleryImages.createOrUpdate(resourceGroup, name, definition, definitionBody(settings, gallery), options),
  );
}

/** Makes a version; it is there when it was copied to all its regions. */
export async function createVersion(
  session: Session,
  gallery: GalleryPlace,
  source: VersionSource,
): Promise<void> {
  const { settings } = session;
  const { resourceGroup = "" } = settings;
  const { name, definition, version } = gallery;
  await step(session, `create the version ${version}`, ({ galleryImageVersions }, options) =>
    galleryImageVersions.createOrUpdate(
      resourceGroup,
      name,
      definition,
      version,
      versionBody(settings, gallery, source),
      options,
    ),
  );
}

/** Waits for a version that an earlier run began. */
export async function awaitVersion(session: Session, gallery: GalleryPlace): Promise<void> {
  const { resourceGroup = "" } = session.settings;
  const { name, definition, version } = gallery;
  for (;;) {
    const { provisioningState } = await step(
      session,
      `look at the version ${version}`,
      ({ galleryImageVersions }, options) =>
        galleryImageVersions.get(resourceGroup, name, definition, version, options),
    );
    if (provisioningState === "Succeeded") return;
    if (provisioningState !== "Creating" && provisioningState !== "Updating") {
      throw new PosternError({
        code: "network.azure-refused",
        message: `the version ${version} of ${definition} ended in the state ${provisioningState}`,
        hint: `az sig image-version show --expand ReplicationStatus --resource-group ${resourceGroup} --gallery-name ${name} --gallery-image-definition ${definition} --gallery-image-version ${version} says why.`,
      });
    }
    await sleep(session.services.pollMs, session.signal);
  }
}
