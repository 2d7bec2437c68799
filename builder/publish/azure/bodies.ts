import type { Disk, Gallery, GalleryImage, GalleryImageVersion, Image } from "@azure/arm-compute";
import type { AzureSettings, GalleryPlace } from "./settings.ts";

/** The tag on a disk, and the metadata on a blob, that says which image is in it. */
export const CONTENT_TAG = "postern-content";

/** Secure Boot and TPM come with the virtual machine; the image only says that it bears them. */
export const TRUSTED_LAUNCH = "TrustedLaunchSupported";

/** What an image is made from. */
export type ImageSource = { disk: string } | { blob: string };

/** What a gallery version is made from. A gallery takes no disk for Trusted Launch, hence none here. */
export type VersionSource = { image: string } | { blob: string; account: string };

/** @param size bytes with the footer. */
export function diskBody({ location = "", sku }: AzureSettings, size: number, content: string): Disk {
  return {
    location,
    sku: { name: sku },
    osType: "Linux",
    hyperVGeneration: "V2",
    creationData: { createOption: "Upload", uploadSizeBytes: size },
    // The full kernel has Mellanox's and Microsoft's network drivers, its initrd the NVMe one.
    supportedCapabilities: {
      architecture: "x64",
      acceleratedNetwork: true,
      diskControllerTypes: "SCSI, NVME",
    },
    networkAccessPolicy: "AllowAll",
    publicNetworkAccess: "Enabled",
    tags: { [CONTENT_TAG]: content },
  };
}

export function imageBody({ location = "" }: AzureSettings, source: ImageSource): Image {
  const osDisk = "disk" in source ? { managedDisk: { id: source.disk } } : { blobUri: source.blob };
  return {
    location,
    hyperVGeneration: "V2",
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", ...osDisk } },
  };
}

export function galleryBody({ location = "" }: AzureSettings): Gallery {
  return { location };
}

export function definitionBody({ location = "" }: AzureSettings, gallery: GalleryPlace): GalleryImage {
  const { publisher, offer, sku } = gallery;
  return {
    location,
    osType: "Linux",
    osState: "Generalized",
    hyperVGeneration: "V2",
    architecture: "x64",
    identifier: { publisher, offer, sku },
    features: [
      { name: "SecurityType", value: TRUSTED_LAUNCH },
      { name: "IsAcceleratedNetworkSupported", value: "True" },
      { name: "DiskControllerTypes", value: "SCSI, NVMe" },
    ],
  };
}

export function versionBody(
  { location = "" }: AzureSettings,
  { regions, replicas }: GalleryPlace,
  source: VersionSource,
): GalleryImageVersion {
  // The region of the source must be among them.
  const targetRegions = [...new Set([location, ...regions])].map((name) => ({
    name,
    regionalReplicaCount: replicas,
    storageAccountType: "Standard_LRS",
  }));
  const storageProfile =
    "image" in source
      ? { source: { id: source.image } }
      : { osDiskImage: { source: { uri: source.blob, storageAccountId: source.account } } };
  return { location, publishingProfile: { targetRegions }, storageProfile };
}
