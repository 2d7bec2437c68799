import { mkdir, rename, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import test from "ava";
import { azureCredential } from "../../../../builder/publish/azure/credential.ts";
import { scratch } from "../../../kit/scratch.ts";
import { artifactIn, diskIn } from "../../formats/artifacts.ts";
import { runCli } from "../../kit/cli.ts";
import { SUBSCRIPTION } from "./double/manager.ts";

const ACCOUNT = { cloud: "public", tenant: "example.com" } as const;

for (const [auth, expected] of [
  ["cli", "AzureCliCredential"],
  ["managed-identity", "ManagedIdentityCredential"],
  ["device-code", "DeviceCodeCredential"],
  ["env", "EnvironmentCredential"],
] as const) {
  test(`--auth ${auth} is just that way`, async (t) => {
    const credential = await azureCredential({ ...ACCOUNT, auth }, () => {});
    t.is(credential.constructor.name, expected);
  });
}

// The real command line and the real libraries; without a token nothing goes over a line.
for (const [auth, hint] of [
  ["cli", /^hint: az cloud set --name AzureUSGovernment; az login; az account set --subscription 01234567/m],
  ["env", /^hint: Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET/m],
] as const) {
  test.serial(`nobody is signed in by ${auth}: the error says how to`, async (t) => {
    const folder = await scratch(t);
    const made = await artifactIn(folder, await diskIn(folder), "vhdx");
    await mkdir(join(folder, "dist"));
    await rename(made, join(folder, "dist/postern-1.0.0-debian-13-amd64.vhdx"));
    // A shell, and no az.
    await mkdir(join(folder, "bin"));
    await symlink("/bin/sh", join(folder, "bin/sh"));
    const env = {
      PATH: join(folder, "bin"),
      HOME: folder,
      AZURE_CLIENT_ID: "",
      AZURE_TENANT_ID: "",
      AZURE_CLIENT_SECRET: "",
    };
    const words = ["--subscription", SUBSCRIPTION, "--resource-group", "rg", "--location", "usgovvirginia"];
    const line = ["publish", "azure", ...words, "--cloud", "us-government", "--auth", auth];
    const { code, stderr } = await runCli(line, { cli: "real", cwd: folder, env });
    t.is(code, 4, stderr);
    t.regex(
      stderr,
      /^error network\.azure-sign-in: look at the disk postern-1\.0\.0-debian-13-amd64: not signed in: /m,
    );
    t.regex(stderr, hint);
  });
}

test("./postern --help and publish azure --help load none of Azure's libraries", async (t) => {
  const folder = await scratch(t);
  const hook = `data:text/javascript,${encodeURIComponent(
    `import { registerHooks } from "node:module";
     registerHooks({ resolve(name, context, next) { if (name.startsWith("@azure/")) throw new Error("loaded " + name); return next(name, context); } });`,
  )}`;
  for (const args of [["--help"], ["publish", "--help"], ["publish", "azure", "--help"]]) {
    const env = { NODE_OPTIONS: `--import ${hook}`, PATH: dirname(process.execPath) };
    const { code, stderr } = await runCli(args, { cli: "real", cwd: folder, env });
    t.is(code, 0, stderr);
  }
});
