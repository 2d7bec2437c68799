import { RestError } from "@azure/storage-blob";
import test from "ava";
import { type ErrorCode, PosternError } from "../../../../builder/error.ts";
import { explainAzure } from "../../../../builder/publish/azure/explain.ts";
import { AUTH_WAYS } from "../../../../builder/publish/azure/settings.ts";
import { SETTINGS } from "./kit.ts";

const SECRET = "https://md-x.blob.core.windows.net/a/b?sv=1&sig=S3cretS3cretS3cret";

const CASES: [status: number | undefined, code: string, message: string, expected: ErrorCode][] = [
  [400, "InvalidVhd", "Expected cookie 'conectix'.", "artifact.azure-vhd"],
  [401, "ExpiredAuthenticationToken", "The access token expired.", "network.azure-sign-in"],
  [403, "AuthenticationFailed", "Signature not valid.", "network.azure-access"],
  [403, "AuthorizationFailed", "No authorization over scope.", "network.azure-permission"],
  [403, "AuthorizationPermissionMismatch", "This request is not authorized.", "network.azure-permission"],
  [403, "RequestDisallowedByPolicy", "Disallowed.", "network.azure-policy"],
  [404, "ResourceGroupNotFound", "Not found.", "input.azure"],
  [404, "SubscriptionNotFound", "Not found.", "input.azure"],
  [409, "OperationNotAllowed", "Exceeding approved quota.", "network.azure-quota"],
  [409, "OperationNotAllowed", "The disk is being uploaded to.", "network.azure-conflict"],
  [409, "InternalExecutionError", "An internal execution error occurred.", "network.azure-conflict"],
  [429, "TooManyRequests", "Slow down.", "network.azure-busy"],
  [500, "OperationTimedOut", "Operation could not be completed.", "network.azure-busy"],
  [503, "ServerBusy", "The server is busy.", "network.azure-busy"],
  [undefined, "ECONNRESET", "socket hang up", "network.azure-connection"],
  [undefined, "ENOTFOUND", "getaddrinfo ENOTFOUND", "network.azure-connection"],
  [400, "SomethingNew", "Nobody knows.", "network.azure-refused"],
];
for (const [status, code, message, expected] of CASES) {
  test(`${status ?? "no answer"} ${code}: ${message}`, (t) => {
    const error = new RestError(`${message} ${SECRET}`, {
      code,
      ...(status === undefined ? {} : { statusCode: status }),
    });
    const told = explainAzure(error, SETTINGS, "make it");
    if (!(told instanceof PosternError)) return t.fail();
    t.is(told.code, expected);
    t.true(told.message.startsWith("make it: ") && told.hint.length > 20);
    t.false(`${told.message}${told.hint}`.includes("S3cret"));
    t.is(told.cause, undefined, "the library's error holds the request");
  });
}

for (const auth of AUTH_WAYS) {
  test(`who is not signed in by ${auth} hears how to by just that`, (t) => {
    const error = new Error("Please run 'az login' from a command prompt.");
    error.name = "CredentialUnavailableError";
    const told = explainAzure(error, { ...SETTINGS, auth, cloud: "china" }, "look at the disk");
    if (!(told instanceof PosternError)) return t.fail();
    t.is(told.code, "network.azure-sign-in");
    const words = {
      cli: "az cloud set --name AzureChinaCloud; az login",
      "managed-identity": "managed identity",
      "device-code": "code",
      env: "AZURE_CLIENT_ID",
    };
    t.true(told.hint.includes(words[auth]), told.hint);
  });
}

test("a fault of ours stays one, without what it quotes", (t) => {
  const error = explainAzure(new TypeError(`cannot read ${SECRET}`), SETTINGS, "x");
  if (!(error instanceof Error)) return t.fail();
  t.is(error.name, "TypeError");
  t.false(`${error.message}${error.stack}`.includes("S3cret"));
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  t.is(explainAzure(full, SETTINGS, "x"), full);
});
