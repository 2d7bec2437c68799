/*
 * Runs inside a network namespace of its own (see cloud.test.ts): a fake cloud, DNS servers, Squid with the
 * rendered rules, and the checks that go through it. Prints one JSON line.
 *
 * argv: a scratch folder.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { CheckContext } from "../../../appliance/check/check.ts";
import { dnsCheck } from "../../../appliance/check/layers/dns.ts";
import { tlsCheck } from "../../../appliance/check/layers/tls.ts";
import { askTunnel } from "../../../appliance/check/proxy.ts";
import { testServices } from "../../../appliance/check/services.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { realSystem } from "../../../appliance/system/node.ts";
import { laySquid } from "../kit/squid.ts";

import { ADDRESSES, SERVERS, startFakeCloud } from "./fakecloud.ts";

const [folder = ""] = process.argv.slice(2);
const SMALLEST = "schema: 1\nclients:\n  - cidr: 10.20.0.0/16\n";
const WORKSPACES = ["good", "closed", "inspected", "other", "cut", "mute", "gone", "old"];

execFileSync("ip", ["link", "set", "lo", "up"]);
for (const address of [...Object.values(ADDRESSES), ...Object.values(SERVERS)])
  execFileSync("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
const ca = await startFakeCloud(folder);

const settingsWith = (defender: string, network = "") =>
  parseSettings(`${SMALLEST}defender: { ${defender} }\n${network}`, "settings.yaml");
const everything = settingsWith(`workspaces: [${WORKSPACES}]`);
const squidFolder = join(folder, "squid");
mkdirSync(squidFolder);
const squid = spawn("squid", ["-N", "-f", laySquid(squidFolder, everything.defender)], { stdio: "inherit" });
squid.on("exit", (code) => {
  if (code !== 0 && code !== null) process.exit(1);
});
while ((await askTunnel("postern.invalid")) !== 403) await pause(50);

const system = realSystem(join(folder, "machine"));
const contextOf = (settings: CheckContext["settings"], world = {}): CheckContext => ({
  system,
  settings,
  patience: 0,
  world: { ca, timeout: 1500, ...world },
});
const results: Record<string, unknown> = {};

for (const workspace of [...WORKSPACES, "unlisted"])
  results[`tls ${workspace}`] = await tlsCheck(
    contextOf(settingsWith(`services: [mdi], workspaces: [${workspace}]`)),
  );
results["tls no proxy"] = await tlsCheck(contextOf(everything, { proxyPort: 1 }));
results["tls, names gone"] = await tlsCheck(
  contextOf(settingsWith("services: [mdi], workspaces: [gone, good]")),
);

for (const region of ["us", "uk", "au"])
  results[`services ${region}`] = await testServices(
    contextOf(settingsWith(`regions: [${region}], workspaces: [old, inspected, unlisted]`)),
  );
results["services, no time"] = await testServices(
  contextOf(settingsWith("services: [mdi], workspaces: [mute, good]")),
  { timeout: 1500, atOnce: 1 },
);
results["services, no proxy"] = await testServices(contextOf(everything, { proxyPort: 1 }));
results["services, unconfigured"] = await testServices(contextOf(undefined));

for (const [name, servers] of [
  ["good", ["good"]],
  ["one mute", ["good", "mute"]],
  ["closed", ["closed"]],
  ["mute", ["mute"]],
  ["empty", ["empty"]],
  ["servfail", ["servfail"]],
  ["refused", ["refused"]],
] as const) {
  const dns = servers.map((server) => SERVERS[server]);
  results[`dns ${name}`] = await dnsCheck(contextOf(settingsWith("", `network: { dns: [${dns}] }`)));
}
const withoutResolver = contextOf(settingsWith("", `network: { dns: [${SERVERS.good}] }`), {
  resolver: SERVERS.closed,
});
results["dns without its own resolver"] = await dnsCheck(withoutResolver);
results["dns unknown"] = await dnsCheck(contextOf(everything));

squid.kill("SIGTERM");
await new Promise((resolve) => squid.on("exit", resolve));
process.stdout.write(`\nRESULT ${JSON.stringify(results)}\n`, () => process.exit(0));
