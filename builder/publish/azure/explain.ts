import { type ErrorCode, messageOf, PosternError } from "../../error.ts";
import { cut, plainText } from "../../host/text.ts";
import { redact } from "../redact.ts";
import { CLOUDS } from "./clouds.ts";
import { type Fault, faultOf, isNetwork } from "./fault.ts";
import { deleteCommand } from "./names.ts";
import type { AuthWay, AzureSettings } from "./settings.ts";

/** What an error means, and what to do. */
interface Meaning {
  code: ErrorCode;
  message: string;
  hint: string;
}

type Rule = (fault: Fault, settings: AzureSettings, doing: string) => Meaning | undefined;

const LONGEST = 400;

/**
 * An error of Azure or of its libraries as a sentence with a next step. Whatever it held of signatures and tokens is
 * gone: they are told apart in one place, `redact`.
 *
 * @param doing what failed: `create the disk postern`
 */
export function explainAzure(error: unknown, settings: AzureSettings, doing: string): unknown {
  if (error instanceof PosternError) return error;
  const fault = faultOf(error);
  if (fault === undefined) return harmless(error);
  const told = { ...fault, message: cut(plainText(redact(fault.message)), LONGEST) };
  for (const rule of RULES) {
    const meaning = rule(told, settings, doing);
    // The library's error holds the request with its address and its headers: it goes no further.
    if (meaning !== undefined) return new PosternError(meaning);
  }
  return new PosternError({
    code: "network.azure-refused",
    message: `${doing}: Azure refused: ${wordsOf(told)}`,
    hint: "The words are Azure's. Nothing was taken back: the same command goes on from here once the cause is mended.",
  });
}

/** A fault of ours, or of a library; its words may quote an address all the same. */
function harmless(error: unknown): unknown {
  if (!(error instanceof Error)) return new Error(redact(messageOf(error)));
  const stack = redact(error.stack ?? "");
  const message = redact(error.message);
  if (stack === error.stack && message === error.message && error.cause === undefined) return error;
  const clean = new Error(message);
  clean.name = error.name;
  clean.stack = stack;
  // What a caller tells apart by its code (a full disk) stays so.
  if ("code" in error && typeof error.code === "string") Object.assign(clean, { code: error.code });
  return clean;
}

function wordsOf({ status, code, message }: Fault): string {
  return [status, code, message].filter((part) => part !== undefined && part !== "").join(" ");
}

/** The first that knows it. https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
const RULES: readonly Rule[] = [
  (fault, settings, doing) =>
    fault.code === "InvalidVhd"
      ? {
          code: "artifact.azure-vhd",
          message: `${doing}: Azure does not take what was sent for a fixed VHD: ${fault.message}`,
          hint: `Delete the disk, then publish again: ${deleteCommand(settings, "disk", settings.disk)}`,
        }
      : undefined,
  (fault, settings, doing) =>
    fault.code === "SignIn" || fault.status === 401
      ? {
          code: "network.azure-sign-in",
          message: `${doing}: not signed in: ${wordsOf(fault)}`,
          hint: signInHint(settings),
        }
      : undefined,
  (fault, { location }, doing) =>
    fault.code === "QuotaExceeded" || /\bquota\b/i.test(fault.message)
      ? {
          code: "network.azure-quota",
          message: `${doing}: the subscription's quota is used up: ${fault.message}`,
          hint: `az vm list-usage --location ${location} shows it. Free something, or ask for more in the portal (Quotas); then the same command goes on.`,
        }
      : undefined,
  (fault, _settings, doing) =>
    /^(RequestDisallowedByPolicy|RequestDisallowedByAzure)/.test(fault.code)
      ? {
          code: "network.azure-policy",
          message: `${doing}: a policy of the organisation forbids it: ${fault.message}`,
          hint: "Whoever keeps the subscription's policies can say what is allowed: region, tags, network access.",
        }
      : undefined,
  ({ code, message }, { resourceGroup, location, cloud }, doing) => {
    if (code !== "ResourceGroupNotFound" && !/SubscriptionNotFound|InvalidSubscriptionId/.test(code))
      return undefined;
    const isGroup = code === "ResourceGroupNotFound";
    return {
      code: "input.azure",
      message: `${doing}: there is no such ${isGroup ? `resource group: ${resourceGroup}` : "subscription"}: ${message}`,
      hint: isGroup
        ? `az group create --name ${resourceGroup} --location ${location}`
        : `az account list --output table shows those of the account that is signed in, in the cloud ${cloud}.`,
    };
  },
  (fault, { resourceGroup, blob }, doing) =>
    fault.status === 403 &&
    /^(AuthorizationFailed|LinkedAuthorizationFailed|AuthorizationPermissionMismatch)$/.test(fault.code)
      ? {
          code: "network.azure-permission",
          message: `${doing}: the account that is signed in may not do that: ${fault.message}`,
          hint:
            fault.code === "AuthorizationPermissionMismatch" ||
            (blob !== undefined && fault.message.includes("Storage"))
              ? `It needs the role "Storage Blob Data Contributor" on the storage account.`
              : `It needs the role "Contributor" on the resource group ${resourceGroup}, or one that may write disks, images and galleries.`,
        }
      : undefined,
  (fault, _settings, doing) =>
    fault.status === 403
      ? {
          code: "network.azure-access",
          message: `${doing}: the storage refuses this upload: ${wordsOf(fault)}`,
          hint: "The signature was revoked, or disk or storage account take no access from this network (private access, firewall). Where that is allowed, the same command goes on.",
        }
      : undefined,
  (fault, settings, doing) =>
    fault.code === "InternalExecutionError"
      ? {
          code: "network.azure-conflict",
          message: `${doing}: Azure failed inside: ${fault.message}`,
          hint: `The disk may still be open for upload: az disk revoke-access --resource-group ${settings.resourceGroup} --name ${settings.disk}; then the same command again.`,
        }
      : undefined,
  (fault, _settings, doing) =>
    fault.status === 409 || fault.code === "OperationNotAllowed"
      ? {
          code: "network.azure-conflict",
          message: `${doing}: something else holds it, or it is not in the state for that: ${wordsOf(fault)}`,
          hint: "Wait until the other operation is done, then give the same command again.",
        }
      : undefined,
  (fault, _settings, doing) =>
    fault.status === 429
      ? {
          code: "network.azure-busy",
          message: `${doing}: Azure asks to be asked less often, also after many tries: ${wordsOf(fault)}`,
          hint: "Give the same command again later, with --parallel 2: it goes on from here.",
        }
      : undefined,
  (fault, _settings, doing) =>
    fault.status === 408 || (fault.status ?? 0) >= 500
      ? {
          code: "network.azure-busy",
          message: `${doing}: Azure did not manage it, also after many tries: ${wordsOf(fault)}`,
          hint: "Give the same command again later: it goes on from here. azure.status.microsoft says how Azure is.",
        }
      : undefined,
  (fault, _settings, doing) =>
    fault.status === undefined && isNetwork(fault.code)
      ? {
          code: "network.azure-connection",
          message: `${doing}: no connection, also after many tries: ${fault.message}`,
          hint: "Check the way to management.azure.com, login.microsoftonline.com and *.blob.storage.azure.net (port 443); the same command goes on from here.",
        }
      : undefined,
];

function signInHint({ auth, cloud, tenant, subscription }: AzureSettings): string {
  const login = `az login${tenant === undefined ? "" : ` --tenant ${tenant}`}`;
  const ways: Readonly<Record<AuthWay, string>> = {
    cli: `${cloud === "public" ? "" : `az cloud set --name ${CLOUDS[cloud].cliName}; `}${login}${subscription === undefined ? "" : `; az account set --subscription ${subscription}`}. Or another way: --auth device-code.`,
    "managed-identity":
      "This machine needs a managed identity with a role on the resource group; --client-id where it has several.",
    "device-code":
      "Give the same command again and enter the code in time; --tenant where the account is in several.",
    env: "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH).",
  };
  return `${ways[auth]} The upload goes on from where it is.`;
}
