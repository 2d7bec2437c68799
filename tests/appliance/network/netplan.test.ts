import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import fc from "fast-check";
import { parse } from "yaml";
import { hostsText } from "../../../appliance/network/hostfiles.ts";
import { advertisementsText, netplanText } from "../../../appliance/network/netplan.ts";
import type { Network } from "../../../appliance/settings/settings.ts";
import { settingsArbitrary } from "../kit/arbitrary.ts";
import { tempFolder } from "../kit/temp.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";
import { FULL } from "../settings/fixtures.ts";

const runFile = promisify(execFile);
const DHCP: Network = {
  mode: "dhcp",
  dns: [],
  search: [],
  ipv6: { mode: "off" },
  routes: [],
  additional: [],
};

test("DHCP matches every wired card by name, waits for none, and asks by MAC", (t) => {
  t.like(parse(netplanText(DHCP)).network.ethernets.postern, {
    match: { name: "e*" },
    optional: true,
    dhcp4: true,
    "dhcp-identifier": "mac",
  });
});

test("a named card is matched by its MAC alone, or by that of the card in its place", (t) => {
  const matched = (text: string) => parse(text).network.ethernets.trunk.match;

  t.deepEqual(matched(netplanText(FULL.network)), { macaddress: "52:54:00:12:34:56" });
  t.deepEqual(matched(netplanText(FULL.network, "52:54:00:00:00:07")), { macaddress: "52:54:00:00:00:07" });
});

test("a card under a VLAN carries nothing itself", (t) => {
  const { ethernets, vlans } = parse(netplanText(FULL.network)).network;

  t.deepEqual(ethernets.trunk, {
    match: { macaddress: "52:54:00:12:34:56" },
    optional: true,
    dhcp4: false,
    dhcp6: false,
    "accept-ra": false,
    "link-local": [],
    mtu: 1400,
  });
  t.like(vlans.postern, { id: 20, link: "trunk", addresses: ["10.20.0.5/24", "fd00:20::5/64"], mtu: 1400 });
});

test("a further card by DHCP takes nothing but its address", (t) => {
  const network: Network = { ...FULL.network, additional: [{ mac: "52:54:00:12:34:99", routes: [] }] };
  const { card1 } = parse(netplanText(network)).network.ethernets;

  t.like(card1, { dhcp4: true, dhcp6: false });
  t.false("routes" in card1);
  t.deepEqual(card1["dhcp4-overrides"], {
    "use-hostname": false,
    "use-routes": false,
    "use-dns": false,
    "use-domains": false,
    "use-ntp": false,
  });
});

test("routers' advertisements bring no DNS server where one is named", (t) => {
  const dns = ["10.20.0.2"];

  t.regex(advertisementsText({ ...DHCP, dns, ipv6: { mode: "slaac" } }) ?? "", /^UseDNS=no$/m);
  t.is(advertisementsText({ ...DHCP, dns }), undefined);
  t.is(advertisementsText({ ...DHCP, ipv6: { mode: "slaac" } }), undefined);
});

test("a short name stands once in hosts, a long one with its first label", (t) => {
  t.regex(hostsText("proxy-01"), /^127\.0\.1\.1 proxy-01$/m);
  t.regex(hostsText("proxy-01.example.com"), /^127\.0\.1\.1 proxy-01\.example\.com proxy-01$/m);
});

/** The files for networkd that the real netplan makes. */
async function generated(root: string, text: string): Promise<string> {
  mkdirSync(join(root, "etc/netplan"), { recursive: true });
  writeFileSync(join(root, "etc/netplan/60-postern.yaml"), text, { mode: 0o600 });
  const { stderr } = await runFile("netplan", ["generate", "--root-dir", root], { env: TOOL_ENV });
  const folder = join(root, "run/systemd/network");
  const files = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
  return [stderr, ...files].join("\n");
}

testWith(["netplan"])("the real netplan makes of a static network what was meant", async (t) => {
  const text = await generated(tempFolder(t), netplanText(FULL.network));

  for (const line of [
    "PermanentMACAddress=52:54:00:12:34:56",
    "Address=10.20.0.5/24",
    "Gateway=10.20.0.1",
    "DNS=10.20.0.2",
    "DNS=fd00::2",
    "Domains=example.com",
    "VLAN=postern",
    "Kind=vlan",
    "Id=20",
    "MTUBytes=1400",
    "Address=fd00:20::5/64",
    "Gateway=fe80::1",
    "IPv6AcceptRA=no",
    "Destination=10.99.0.0/16",
    "Address=172.20.0.5/24",
    "MTUBytes=9000",
    "RequiredForOnline=no",
  ]) {
    t.true(text.includes(line), `${line} in\n${text}`);
  }
});

testWith(["netplan"])("the real netplan makes of DHCP what was meant", async (t) => {
  const text = await generated(tempFolder(t), netplanText({ ...DHCP, dns: ["10.20.0.2"] }));

  for (const line of [
    "Name=e*",
    "DHCP=ipv4",
    "ClientIdentifier=mac",
    "UseDNS=false",
    "UseHostname=false",
    "DNS=10.20.0.2",
    "LinkLocalAddressing=no",
  ]) {
    t.true(text.includes(line), `${line} in\n${text}`);
  }
});

testWith(["netplan"])("the real netplan takes any network without a word", async (t) => {
  const networks = fc.sample(settingsArbitrary, { numRuns: 8, seed: 1 }).map(({ network }) => network);
  for (const network of networks) {
    t.notRegex(await generated(tempFolder(t), netplanText(network)), /error|warning/i);
  }
});
