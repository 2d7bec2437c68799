/*
 * Runs inside a network namespace of its own (see wire.test.ts): a card, a neighbour at the other end of its wire,
 * and the checks that ask it. Prints one JSON line.
 *
 * argv: a scratch folder.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { duplicateCheck } from "../../../appliance/check/layers/duplicate.ts";
import { gateway6Check, gatewayCheck } from "../../../appliance/check/layers/gateway.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { realSystem } from "../../../appliance/system/node.ts";

const [folder = ""] = process.argv.slice(2);
const MINE = "52:54:00:00:00:01";
const OTHERS = "52:54:00:00:00:02";

const ip = (...args: readonly string[]) => execFileSync("ip", [...args]);
ip("link", "add", "eth0", "address", MINE, "type", "veth", "peer", "name", "far", "address", OTHERS);
const neighbour = spawn("unshare", ["-n", "sleep", "120"]);
const isApart = (pid: number) => {
  const spaces = ["self", `${pid}`].map((one) =>
    execFileSync("readlink", [`/proc/${one}/ns/net`]).toString(),
  );
  return spaces[0] !== spaces[1];
};
while (neighbour.pid === undefined || !isApart(neighbour.pid)) await pause(20);
const pid = `${neighbour.pid}`;
const there = (...args: readonly string[]) => execFileSync("nsenter", ["-t", pid, "-n", "ip", ...args]);
ip("link", "set", "far", "netns", pid);
for (const address of ["10.0.2.2/24", "10.0.2.16/24"]) there("address", "add", address, "dev", "far");
there("-6", "address", "add", "fd00::1/64", "dev", "far", "nodad");
there("link", "set", "far", "up");
for (const address of ["10.0.2.15/24", "10.0.2.16/24"]) ip("address", "add", address, "dev", "eth0");
ip("-6", "address", "add", "fd00::5/64", "dev", "eth0", "nodad");
ip("link", "set", "lo", "up");
ip("link", "set", "eth0", "up");
ip("route", "add", "default", "via", "10.0.2.2");

// The kernel's tables are this namespace's own; the list of cards would be the host's.
symlinkSync("/proc", join(folder, "proc"));
const card = join(folder, "sys/class/net/eth0");
mkdirSync(join(card, "device"), { recursive: true });
writeFileSync(join(card, "address"), `${MINE}\n`);
writeFileSync(join(card, "carrier"), "1\n");
const system = realSystem(folder);

const look = async (check: typeof duplicateCheck, address: string, gateway: string, gateway6 = "fd00::1") => {
  const network = `{ mode: static, address: ${address}/24, gateway: ${gateway}, dns: [10.0.2.3], ipv6: { mode: static, address: "fd00::5/64", gateway: "${gateway6}" } }`;
  const text = `schema: 1\nclients: [{ cidr: 10.20.0.0/16 }]\nnetwork: ${network}\n`;
  return check({ system, settings: parseSettings(text, "settings.yaml"), patience: 0 });
};
const results: Record<string, unknown> = {
  free: await look(duplicateCheck, "10.0.2.15", "10.0.2.2"),
  taken: await look(duplicateCheck, "10.0.2.16", "10.0.2.2"),
  gateway: await look(gatewayCheck, "10.0.2.15", "10.0.2.2"),
  gateway6: await look(gateway6Check, "10.0.2.15", "10.0.2.2"),
  "no gateway6": await look(gateway6Check, "10.0.2.15", "10.0.2.2", "fd00::9"),
};
ip("route", "replace", "default", "via", "10.0.2.99");
results["no gateway"] = await look(gatewayCheck, "10.0.2.15", "10.0.2.99");
neighbour.kill();
process.stdout.write(`RESULT ${JSON.stringify(results)}\n`, () => process.exit(0));
