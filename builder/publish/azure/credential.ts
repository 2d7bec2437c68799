import type { TokenCredential } from "@azure/identity";
import { CLOUDS } from "./clouds.ts";
import type { AzureAccount } from "./settings.ts";

/** `az` starts a Python; on a busy host that takes longer than the library's ten seconds. */
const CLI_MS = 60_000;

/**
 * Just the one way to sign in that was asked for. A chain of ways that falls from one to the next ends in an error that
 * speaks of all of them.
 */
export async function azureCredential(
  { auth, cloud, tenant, clientId }: AzureAccount,
  say: (text: string) => void,
): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  const tenantId = tenant === undefined ? {} : { tenantId: tenant };
  const authorityHost = CLOUDS[cloud].authority;
  switch (auth) {
    case "cli":
      return new identity.AzureCliCredential({ ...tenantId, processTimeoutInMs: CLI_MS });
    case "managed-identity":
      return new identity.ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
    case "device-code":
      return new identity.DeviceCodeCredential({
        ...tenantId,
        ...(clientId === undefined ? {} : { clientId }),
        authorityHost,
        userPromptCallback: ({ message }) => say(message),
      });
    case "env":
      return new identity.EnvironmentCredential({ authorityHost });
  }
}
