import { CLOUDS } from "./clouds.ts";
import type { AzureSettings, BlobPlace } from "./settings.ts";

/** The id of something in the resource group: `disks/NAME`, `galleries/G/images/D`. */
export function resourceId({ subscription = "", resourceGroup = "" }: AzureSettings, path: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/${path}`;
}

export function accountId({ subscription = "", resourceGroup = "" }: AzureSettings, blob: BlobPlace): string {
  const group = blob.resourceGroup ?? resourceGroup;
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${blob.account}`;
}

export function blobUrl({ cloud }: AzureSettings, { account, container, name }: BlobPlace): string {
  return `https://${account}.${CLOUDS[cloud].blobSuffix}/${container}/${name}`;
}

/** Ids are the same whatever the case: Azure writes some of its own names in capitals. */
export function isSameId(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** The commands that take something away again. */
export function deleteCommand(settings: AzureSettings, kind: "disk" | "image", name: string): string {
  return `az ${kind} delete --resource-group ${settings.resourceGroup} --name ${name}${kind === "disk" ? " --yes" : ""}`;
}

export function deleteBlobCommand({ account, container, name }: BlobPlace): string {
  return `az storage blob delete --auth-mode login --account-name ${account} --container-name ${container} --name ${name}`;
}
