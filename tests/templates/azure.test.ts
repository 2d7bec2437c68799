import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ComputeManagementClient } from "@azure/arm-compute";
import test from "ava";
import { settingsInUserData } from "../../appliance/intake/userdata.ts";
import { PROXY_PORT } from "../../appliance/paths.ts";
import { parseSettings } from "../../appliance/settings/parse.ts";
import { PROJECT } from "../builder/kit/cli.ts";
import { type ArmTemplate, expand, GROUP, type Json, type JsonMap } from "./arm.ts";

const FOLDER = join(PROJECT, "templates", "azure");
const TEXT = await readFile(join(FOLDER, "scale-set.json"), "utf8");
const TEMPLATE: ArmTemplate = JSON.parse(TEXT);
const SETTINGS = await readFile(join(FOLDER, "settings.yaml"), "utf8");
const GIVEN: JsonMap = {
  imageVersionId: `${GROUP}/Microsoft.Compute/galleries/g/images/postern/versions/1.0.0`,
  clientNetworks: ["10.20.0.0/16"],
  adminPublicKey: "ssh-ed25519 AAAA test",
  settings: SETTINGS,
};

function resource(resources: readonly JsonMap[], type: string): JsonMap {
  const found = resources.filter((one) => one.type === type);
  if (found.length !== 1) throw new Error(`${found.length} resources ${type}`);
  return found[0] ?? {};
}

/** Every resource id in a value, dependencies aside. */
function idsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (typeof value === "string") return value.startsWith(`${GROUP}/Microsoft.Network`) ? [value] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "dependsOn" ? [] : idsIn(inner)));
}

function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let inner = value;
  for (const key of path) {
    if (inner === null || typeof inner !== "object") return undefined;
    inner = Array.isArray(inner) ? inner[Number(key)] : inner[String(key)];
  }
  return inner;
}

test("with parameters the template is whole: nothing unknown, nothing unused, every id is something in it", (t) => {
  const { resources, outputs, used } = expand(TEMPLATE, GIVEN);
  t.deepEqual([...used].sort(), Object.keys(TEMPLATE.parameters).sort());
  for (const name of Object.keys(TEMPLATE.variables)) t.true(TEXT.includes(`variables('${name}')`), name);
  t.deepEqual(outputs, { proxy: `10.90.0.4:${PROXY_PORT}` });
  const own = resources.map((one) => `${GROUP}/${one.type}/${one.name}`);
  for (const one of resources) {
    const parents = new Set(
      idsIn(one).map((id) => own.find((whole) => id === whole || id.startsWith(`${whole}/`))),
    );
    parents.delete(`${GROUP}/${one.type}/${one.name}`);
    t.false(parents.has(undefined), `${one.name}`);
    t.deepEqual(
      new Set(one.dependsOn as string[]),
      parents as Set<string>,
      `${one.name} waits for what it names`,
    );
  }
  // What stands below a resource and is named elsewhere is there.
  const names = (list: Json | undefined): Json[] =>
    Array.isArray(list) ? list.map((one) => at(one, "name") ?? null) : [];
  const balancer = resource(resources, "Microsoft.Network/loadBalancers");
  for (const kind of ["frontendIPConfigurations", "backendAddressPools", "probes"]) {
    const wanted = resources
      .flatMap(idsIn)
      .flatMap((id) => new RegExp(`/${kind}/([^/]+)$`).exec(id)?.[1] ?? []);
    t.true(wanted.length > 0);
    for (const name of wanted)
      t.true(names(at(balancer, "properties", kind)).includes(name), `${kind}/${name}`);
  }
});

test("the custom data that comes out is read by the appliance as the settings that went in", (t) => {
  const { resources } = expand(TEMPLATE, GIVEN);
  const set = resource(resources, "Microsoft.Compute/virtualMachineScaleSets");
  const data = at(set, "properties", "virtualMachineProfile", "osProfile", "customData");
  const { settings = "", notes } = settingsInUserData(Buffer.from(String(data), "base64"));
  t.deepEqual(notes, []);
  t.is(settings, `#postern\n${SETTINGS}`);
  const { clients } = parseSettings(settings, "custom data");
  // https://learn.microsoft.com/azure/load-balancer/load-balancer-custom-probe-overview
  t.true(clients.some(({ cidr }) => cidr === "168.63.129.16/32"));
});

test("what is open: the proxy to clients and probe, SSH only to networks that are named, out only what it needs", (t) => {
  const rulesOf = (given: JsonMap): Json[] =>
    at(
      resource(expand(TEMPLATE, given).resources, "Microsoft.Network/networkSecurityGroups"),
      "properties",
      "securityRules",
    ) as Json[];
  const words = (rules: Json[], direction: string): string[] =>
    rules
      .map((rule) => at(rule, "properties") as JsonMap)
      .filter((rule) => rule.direction === direction)
      .sort((a, b) => Number(a.priority) - Number(b.priority))
      .map((rule) => {
        const from = rule.sourceAddressPrefixes ?? rule.sourceAddressPrefix;
        const ports = rule.destinationPortRanges ?? rule.destinationPortRange;
        return `${rule.access} ${rule.protocol} ${from} > ${rule.destinationAddressPrefix}:${ports}`;
      });
  t.deepEqual(words(rulesOf(GIVEN), "Inbound"), [
    `Allow Tcp 10.20.0.0/16 > *:${PROXY_PORT}`,
    `Allow Tcp AzureLoadBalancer > *:${PROXY_PORT}`,
    "Deny * * > *:*",
  ]);
  t.deepEqual(
    words(rulesOf({ ...GIVEN, adminNetworks: ["10.9.0.0/24"] }), "Inbound")[2],
    "Allow Tcp 10.9.0.0/24 > *:22",
  );
  t.deepEqual(words(rulesOf(GIVEN), "Outbound"), [
    "Allow Tcp * > Internet:80,443",
    "Allow Udp * > Internet:123",
    "Allow * * > VirtualNetwork:53",
    "Deny * * > *:*",
  ]);
});

/** Answers with a body, and keeps the body of the request. */
function clientThat(answers: JsonMap): { client: ComputeManagementClient; sent: () => JsonMap } {
  let sent = "";
  const credential = { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const httpClient: NonNullable<ConstructorParameters<typeof ComputeManagementClient>[2]>["httpClient"] = {
    async sendRequest(request) {
      if (request.method === "PUT") sent = String(request.body);
      return { request, status: 200, headers: request.headers, bodyAsText: JSON.stringify(answers) };
    },
  };
  const client = new ComputeManagementClient(credential, "s", {
    httpClient,
    retryOptions: { maxRetries: 0 },
  });
  return { client, sent: () => JSON.parse(sent) };
}

test("Azure's own SDK knows every field of the scale set: what it reads, it writes again", async (t) => {
  const { resources } = expand(TEMPLATE, GIVEN);
  const {
    type: _,
    apiVersion: __,
    name: ___,
    dependsOn: ____,
    ...body
  } = resource(resources, "Microsoft.Compute/virtualMachineScaleSets");
  const roundTrip = async (answers: JsonMap): Promise<JsonMap> => {
    const { client, sent } = clientThat(answers);
    const model = await client.virtualMachineScaleSets.get("g", "set");
    await client.virtualMachineScaleSets.createOrUpdate("g", "set", model);
    return sent();
  };
  t.deepEqual(await roundTrip(body), body);
  const wrong = structuredClone(body);
  (at(wrong, "properties", "virtualMachineProfile", "networkProfile") as JsonMap).healthProb = { id: "x" };
  t.notDeepEqual(await roundTrip(wrong), wrong);
});

test("the Bicep file gives the template what it takes, and the settings as text", async (t) => {
  const bicep = await readFile(join(FOLDER, "main.bicep"), "utf8");
  const [, inner = ""] =
    /module proxies 'scale-set\.json' = \{[\s\S]*?params: \{\n([\s\S]*?)\n {2}\}/.exec(bicep) ?? [];
  const passed = [...inner.matchAll(/^ {4}(\w+): (.+)$/gm)].map(([, name = "", value = ""]) => ({
    name,
    value,
  }));
  t.is(passed.length, inner.split("\n").length);
  const declared = [...bicep.matchAll(/^param (\w+) (\w+)(?: = (.+))?$/gm)];
  for (const { name, value } of passed) {
    const spec = TEMPLATE.parameters[name];
    t.truthy(spec, name);
    if (name === "settings") {
      t.is(value, "loadTextContent('settings.yaml')");
      continue;
    }
    t.is(value, name);
    const [, , type, usual] = declared.find(([, one]) => one === name) ?? [];
    t.is(type, spec?.type, name);
    // The same default in both, so that it does not matter which one is deployed.
    const expected = spec?.defaultValue;
    if (usual === undefined) t.is(expected, undefined, name);
    else if (name !== "location") t.is(usual.replaceAll("'", ""), String(expected), name);
  }
  const required = Object.entries(TEMPLATE.parameters).filter(([, spec]) => spec.defaultValue === undefined);
  for (const [name] of required)
    t.true(
      passed.some((one) => one.name === name),
      name,
    );
  t.deepEqual(
    declared.map(([, name]) => name).sort(),
    passed
      .map(({ name }) => name)
      .filter((one) => one !== "settings")
      .sort(),
  );
});
