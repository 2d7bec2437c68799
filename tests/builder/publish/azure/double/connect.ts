import { setTimeout } from "node:timers/promises";
import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import {
  AnonymousCredential,
  ContainerClient,
  newPipeline,
  PageBlobClient,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { computeClients, type HttpClient } from "../../../../../builder/publish/azure/compute.ts";
import { type ConnectAzure, ONE_TRY } from "../../../../../builder/publish/azure/services.ts";

/** Where the doubles are; small enough for an environment variable. */
export interface Doubles {
  manager: number;
  /** Given out in turn, the last one for ever. */
  tokens: readonly string[];
  /** A storage account in Azurite. */
  account?: { url: string; name: string; key: string };
  /** Milliseconds between tries. */
  delays?: readonly number[];
}

/** The doubles in the place of Azure: the libraries are the real ones, and so is all that they send. */
export function connectTo({ manager, tokens, account, delays = [1, 1, 1, 1, 1, 1] }: Doubles): ConnectAzure {
  const real = createDefaultHttpClient();
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const { url } = request;
      request.url = url.replace(/^https:\/\/management\.azure\.com/, `http://127.0.0.1:${manager}`);
      if (!request.url.startsWith("http://127.0.0.1:"))
        throw new Error(`a test stays on the loopback: ${url}`);
      request.allowInsecureConnection = true;
      try {
        return await real.sendRequest(request);
      } finally {
        // The libraries look at it again before they send it again, and a token goes over https only.
        request.url = url;
      }
    },
  };
  const left = [...tokens];
  const credential = {
    async getToken() {
      const token = (left.length > 1 ? left.shift() : left[0]) ?? "";
      return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const anonymous = newPipeline(new AnonymousCredential(), ONE_TRY);
  return async (settings) => ({
    compute: await computeClients(settings, credential, {
      httpClient,
      retryOptions: { maxRetries: 3, retryDelayInMs: 1, maxRetryDelayInMs: 5 },
    }),
    blobAt: (address) => new PageBlobClient(address, anonymous),
    container(place) {
      if (account === undefined) throw new Error("no storage account in this test");
      const key = new StorageSharedKeyCredential(account.name, account.key);
      return new ContainerClient(`${account.url}/${place.container}`, newPipeline(key, ONE_TRY));
    },
    patience: { delays, sleep: (ms, signal) => setTimeout(Math.min(ms, 20), undefined, { signal }) },
    pollMs: 1,
  });
}
