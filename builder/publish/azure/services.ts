import type { ComputeManagementClient } from "@azure/arm-compute";
import type { ContainerClient, PageBlobClient } from "@azure/storage-blob";
import { CLOUDS } from "./clouds.ts";
import { computeClients } from "./compute.ts";
import { azureCredential } from "./credential.ts";
import { DELAYS, type Patience } from "./patience.ts";
import type { AzureSettings, BlobPlace } from "./settings.ts";
import { sleep } from "./sleep.ts";

/** Azure, as far as it is used here. */
export interface AzureServices {
  /** A client of the resource manager that has no token yet: the token of an old one can run out in a long upload. */
  compute(): ComputeManagementClient;
  /** The page blob behind an address that carries its own signature. */
  blobAt(address: string): PageBlobClient;
  container(place: BlobPlace): ContainerClient;
  patience: Patience;
  /** Milliseconds between two looks at an operation, where the service does not say. */
  pollMs: number;
}

/** @param say tells the person how to sign in. */
export type ConnectAzure = (settings: AzureSettings, say: (text: string) => void) => Promise<AzureServices>;

/** Storage clients try once only: when to try again is decided in one place, for all requests together. */
export const ONE_TRY = { retryOptions: { maxTries: 1 } } as const;

/** The real Azure. The libraries are loaded here, because `./postern --help` must not wait for them. */
export const connectAzure: ConnectAzure = async (settings, say) => {
  const [storage, credential] = await Promise.all([
    import("@azure/storage-blob"),
    azureCredential(settings, say),
  ]);
  const { AnonymousCredential, newPipeline, PageBlobClient, ContainerClient } = storage;
  const { blobSuffix } = CLOUDS[settings.cloud];
  const anonymous = newPipeline(new AnonymousCredential(), ONE_TRY);
  return {
    compute: await computeClients(settings, credential),
    blobAt(address) {
      if (!address.startsWith("https://")) throw new Error("Azure gave an address that is not https");
      return new PageBlobClient(address, anonymous);
    },
    container: ({ account, container }) =>
      new ContainerClient(`https://${account}.${blobSuffix}/${container}`, newPipeline(credential, ONE_TRY)),
    patience: { delays: DELAYS, sleep },
    pollMs: 2000,
  };
};
