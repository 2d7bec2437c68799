import test from "ava";
import fc from "fast-check";
import { parse } from "yaml";
import { sshNetworks } from "../../../appliance/access/ssh.ts";
import { type RenderedFile, render } from "../../../appliance/apply/render.ts";
import { builtInCatalogue } from "../../../appliance/endpoints/catalogue.ts";
import { covers } from "../../../appliance/endpoints/prune.ts";
import { SETTINGS } from "../../../appliance/paths.ts";
import type { AdditionalCard, Settings } from "../../../appliance/settings/settings.ts";
import { settingsArbitrary } from "../kit/arbitrary.ts";
import { FACTS } from "../kit/facts.ts";
import { decide } from "../kit/squidrules.ts";

/** Looks at what any settings come to, so many times. */
function always(
  numRuns: number,
  look: (settings: Settings, text: (path: string) => string, files: readonly RenderedFile[]) => void,
): void {
  fc.assert(
    fc.property(settingsArbitrary, (settings) => {
      const files = render(settings, FACTS, "text of the author\n");
      look(settings, (path) => files.find((file) => file.path === path)?.content ?? "", files);
    }),
    { numRuns },
  );
}

test("each file has one text, the same one twice, and the settings come last", (t) => {
  always(1000, (settings, _, files) => {
    t.deepEqual(render(settings, FACTS, "text of the author\n"), files);
    t.is(new Set(files.map(({ path }) => path)).size, files.length);
    t.is(files.at(-1)?.path, SETTINGS);
    for (const { path, content } of files) {
      if (content === undefined || content === "") continue;
      t.true(content.endsWith("\n"), path);
      t.notRegex(content, /undefined|NaN|\[object/, path);
    }
  });
});

interface Link {
  dhcp4: boolean;
  addresses?: string[];
  routes?: { to: string; via: string }[];
  nameservers?: { addresses?: string[]; search?: string[] };
  "dhcp4-overrides"?: Record<string, boolean>;
  "accept-ra": boolean;
  mtu?: number;
  match?: unknown;
  id?: number;
  link?: string;
}

test("netplan is told of every card what was meant", (t) => {
  always(2000, ({ network }, text) => {
    const { ethernets, vlans = {} } = parse(text("/etc/netplan/60-postern.yaml")).network as {
      ethernets: Record<string, Link>;
      vlans?: Record<string, Link>;
    };
    const main = linkOf("postern", "trunk", network.vlan);
    const own = network.mode === "static" ? [network.address] : [];
    const six = network.ipv6.mode === "static" ? [network.ipv6.address] : [];
    t.deepEqual(main.addresses ?? [], [...own, ...six]);
    t.is(main.dhcp4, network.mode === "dhcp");
    t.is(main["accept-ra"], network.ipv6.mode === "slaac");
    t.is(main.mtu, network.mtu);
    t.deepEqual(main.nameservers?.addresses ?? [], network.dns);
    t.deepEqual(main.nameservers?.search ?? [], network.search);
    const defaults = (main.routes ?? []).filter(({ to }) => to === "default").map(({ via }) => via);
    t.deepEqual(defaults, [
      ...(network.mode === "static" ? [network.gateway] : []),
      ...(network.ipv6.mode === "static" ? [network.ipv6.gateway] : []),
    ]);
    t.deepEqual(
      (main.routes ?? []).filter(({ to }) => to !== "default"),
      network.routes,
    );
    for (const [index, card] of network.additional.entries()) lookAtCard(card, index + 1);
    const cards = 1 + network.additional.length;
    t.is(Object.keys(ethernets).length, cards);

    function linkOf(id: string, trunk: string, vlan: number | undefined): Link {
      if (vlan === undefined) return ethernets[id] ?? t.fail(`no ${id}`);
      t.like(vlans[id], { id: vlan, link: trunk });
      t.false("addresses" in (ethernets[trunk] ?? {}), "the card under a VLAN has no address");
      return vlans[id] ?? t.fail(`no ${id}`);
    }

    function lookAtCard({ address, mac, mtu, routes, vlan }: AdditionalCard, number: number): void {
      const link = linkOf(`card${number}`, `trunk${number}`, vlan);
      t.deepEqual((vlan === undefined ? link : ethernets[`trunk${number}`])?.match, { macaddress: mac });
      t.deepEqual(link.addresses ?? [], address === undefined ? [] : [address]);
      t.is(link.mtu, mtu);
      t.deepEqual(link.routes ?? [], routes, "no way out of its own");
      t.false("nameservers" in link);
      if (address === undefined) t.like(link["dhcp4-overrides"], { "use-routes": false, "use-dns": false });
    }
  });
});

test("the firewall lets in the clients and the administrators, and nobody else", (t) => {
  always(2000, (settings, text) => {
    const admitted = ["/etc/ufw/user.rules", "/etc/ufw/user6.rules"].flatMap((path) =>
      [...text(path).matchAll(/^-A ufw6?-user-input (.*)$/gm)].map(([, rule]) => rule),
    );
    const meant = [
      ...settings.clients.map(({ cidr }) => ({ port: 3128, cidr })),
      ...sshNetworks(settings, FACTS.ownNetworks).map((cidr) => ({ port: 22, cidr })),
    ].map(({ port, cidr }) => `-p tcp --dport ${port} -s ${single(cidr)} -j ACCEPT`);
    t.deepEqual(admitted.toSorted(), meant.toSorted());
    const isOpen = settings.admin.sshKeys.length > 0 || settings.admin.passwordLogin;
    t.is(
      admitted.some((rule) => rule?.includes("--dport 22 ")),
      isOpen,
    );
    t.regex(
      text("/etc/ssh/sshd_config.d/05-postern-settings.conf"),
      settings.admin.passwordLogin ? /^PasswordAuthentication yes$/m : /^PasswordAuthentication no$/m,
    );
  });
});

function single(cidr: string): string {
  return cidr.includes(":") ? cidr.replace(/\/128$/, "") : cidr.replace(/\/32$/, "");
}

const catalogue = builtInCatalogue();

test("Squid's lists hold the names that were chosen, and no other", (t) => {
  always(1000, ({ defender }, text) => {
    const own = catalogue.entries.filter(
      ({ clouds, breadth, host }) =>
        clouds.includes(defender.cloud) && (breadth !== "broad" || defender.broad.includes(host)),
    );
    const names = own.flatMap(({ host }) =>
      defender.workspaces.map((name) => host.replace("{workspace}", name)),
    );
    const extra = (port: number) =>
      defender.extra.filter(({ ports }) => ports.includes(port)).map(({ host }) => host);
    for (const [list, port] of [
      ["allowed-tls", 443],
      ["allowed-web", 80],
    ] as const) {
      const listed = linesOf(text(`/etc/squid/postern/${list}.txt`));
      const unknown = listed.filter((name) => !names.includes(name) && !extra(port).includes(name));
      t.deepEqual(unknown, []);
      for (const host of extra(port)) t.true(covers(listed, host.replace(/^\./, "")), host);
    }
  });
});

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

const HOSTS = [
  "go.microsoft.com",
  "agent.example.com",
  "a.updates.example.net",
  "www.example.com",
  "10.0.0.5",
  "a.blob.core.windows.net",
  "azgn7.servicebus.windows.net",
  "azgn7.servicebus.windows.net.example.com",
];
const request = fc.record({
  from: fc.constantFrom("client", "stranger", "the machine itself"),
  method: fc.constantFrom("CONNECT", "GET", "HEAD", "POST"),
  host: fc.constantFrom(...HOSTS),
  port: fc.constantFrom(80, 443, 8443, 10443, 22),
  addresses: fc.subarray(["198.51.100.7", "10.60.0.7", "10.0.0.5", "127.0.0.1", "fd60::7"]),
});

test("Squid's rules let through what was meant, and nothing else", (t) => {
  const run = fc.property(
    settingsArbitrary,
    fc.array(request, { minLength: 5, maxLength: 20 }),
    (settings, asked) => {
      const files = render(settings, FACTS, "");
      const lists = new Map(files.map(({ path, content }) => [path, content ?? ""]));
      const conf = lists.get("/etc/squid/squid.conf") ?? "";
      const listed = (name: string) => linesOf(lists.get(`/etc/squid/postern/${name}.txt`) ?? "");
      for (const { from, method, host, port, addresses } of asked) {
        const client = addressOf(from, settings);
        const isTunnel = method === "CONNECT";
        const isNamed =
          (isTunnel && port === 443 && covers(listed("allowed-tls"), host)) ||
          (isTunnel && port === 443 && host === "azgn7.servicebus.windows.net" && isAzgn(settings)) ||
          (isTunnel && port !== 80 && port !== 443 && isExtra(settings, host, port)) ||
          (/^(GET|HEAD)$/.test(method) && port === 80 && covers(listed("allowed-web"), host));
        const meant = from !== "stranger" && isNamed && leadsOut(settings, addresses);
        const { isAllowed } = decide(conf, lists, { client, method, scheme: "HTTP", host, port, addresses });
        t.is(isAllowed, meant, `${method} ${host}:${port} -> ${addresses.join(" ")} from ${client}\n${conf}`);
      }
    },
  );
  fc.assert(run, { numRuns: 1000 });
});

function addressOf(from: "client" | "stranger" | "the machine itself", { clients }: Settings): string {
  if (from === "client") return clients[0]?.cidr.split("/")[0] ?? "";
  return from === "stranger" ? "203.0.113.9" : "127.0.0.1";
}

/** What a pattern of the catalogue opens, said without one. */
function isAzgn({ defender: { cloud, services, broad } }: Settings): boolean {
  return (
    cloud === "commercial" && services.includes("azure-arc") && broad.includes("azgn*.servicebus.windows.net")
  );
}

function isExtra({ defender }: Settings, host: string, port: number): boolean {
  const names = defender.extra.filter(({ ports }) => ports.includes(port)).map((one) => one.host);
  return covers(names, host);
}

/** Behind another proxy only a private address is reached from here, and then every address has to be good. */
function leadsOut({ proxy }: Settings, addresses: readonly string[]): boolean {
  const open = proxy.privateDestinations;
  const isOpen = (address: string) =>
    (address === "10.60.0.7" && open.includes("10.60.0.0/24")) ||
    (address === "fd60::7" && open.includes("fd60::/64"));
  const isGood = (address: string) => address === "198.51.100.7" || isOpen(address);
  if (proxy.upstream !== undefined && !addresses.some(isOpen)) return true;
  return addresses.every(isGood);
}
