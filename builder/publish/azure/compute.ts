import type { ComputeManagementClient, ComputeManagementClientOptionalParams } from "@azure/arm-compute";
import type { TokenCredential } from "@azure/identity";
import { CLOUDS } from "./clouds.ts";
import type { AzureSettings } from "./settings.ts";

export type HttpClient = NonNullable<ComputeManagementClientOptionalParams["httpClient"]>;

/** Tries again after 429 and 5xx, as Retry-After says, and after cut connections. */
const RETRIES = { maxRetries: 6, retryDelayInMs: 2000, maxRetryDelayInMs: 60_000 };

/**
 * A client of the resource manager of a cloud.
 *
 * @param options another HTTP client, or a shorter patience: for a dry run and for tests
 */
export async function computeClients(
  { cloud, subscription = "" }: AzureSettings,
  credential: TokenCredential,
  options: ComputeManagementClientOptionalParams = {},
): Promise<() => ComputeManagementClient> {
  const { ComputeManagementClient } = await import("@azure/arm-compute");
  const { management } = CLOUDS[cloud];
  return () => {
    const client = new ComputeManagementClient(credential, subscription, {
      endpoint: management,
      credentials: { scopes: [`${management}/.default`] },
      retryOptions: RETRIES,
      ...options,
    });
    client.pipeline.addPolicy({
      name: "accessSasSpelling",
      async sendRequest(request, next) {
        const response = await next(request);
        // The specification writes accessSAS, and Azure answers either; the library knows one.
        const text = response.bodyAsText;
        if (typeof text === "string")
          response.bodyAsText = text.replace(/"accessSas"(?=\s*:)/i, '"accessSAS"');
        return response;
      },
    });
    return client;
  };
}
