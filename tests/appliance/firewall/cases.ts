import { INNER } from "../../../appliance/proxy/inner.ts";
import { LINK, type Outcome, type Try } from "../kit/room/tries.ts";
import { SMALLEST } from "../settings/fixtures.ts";

/** A packet of an account, and what has to become of it. */
export interface Case {
  who: string;
  attempt: Try;
  expected: Outcome;
  why: string;
}

type Protocol = Try["protocol"];

function may(
  who: string,
  why: string,
  protocol: Protocol,
  to: string,
  port?: number,
  more: Partial<Try> = {},
): Case {
  const attempt = { to, protocol, ...(port === undefined ? {} : { port }), ...more };
  return { who, why, attempt, expected: "answered" };
}

function mayNot(...args: Parameters<typeof may>): Case {
  return { ...may(...args), expected: "refused" };
}

const PUBLIC = "203.0.113.50";
const PUBLIC_6 = "2001:db8:50::50";
const DISCARD = 9;

/** Metadata of Azure, AWS, Alibaba, Google and Scaleway. */
const METADATA = ["169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200"];
const METADATA_6 = ["fd00:ec2::254", "fd20:ce::254", "fd00:42::42"];

const AZURE = [
  may("root", "cloud-init on Azure", "tcp", "169.254.169.254", 80),
  may("root", "cloud-init on Azure", "tcp", "168.63.129.16", 80),
  may("root", "cloud-init on Azure", "tcp", "168.63.129.16", 32526),
];

/** Nobody's business, whatever the settings say. */
const NEVER = [
  ...["nobody", "root", "systemd-network"].map((who) => mayNot(who, "no reason to", "tcp", PUBLIC, 443)),
  ...["nobody", "proxy", "_apt"].map((who) => mayNot(who, "not its work", "udp", PUBLIC, 53)),
  mayNot("nobody", "not its work", "tcp", PUBLIC, 53),
  mayNot("root", "chrony's work", "udp", PUBLIC, 123),
  mayNot("proxy", "mail", "tcp", PUBLIC, 25),
  mayNot("proxy", "SSH", "tcp", PUBLIC, 22),
  mayNot("proxy", "HTTP/3 would go around it", "udp", PUBLIC, 443),
  mayNot("root", "a router would pass it on", "udp", PUBLIC, DISCARD),
  mayNot("nobody", "only the check of the gateway", "udp", "10.0.2.2", DISCARD, { hops: 1 }),
  mayNot("nobody", "an echo carries data", "ping", PUBLIC),
  mayNot("proxy", "an echo carries data", "ping", PUBLIC),
  ...[...METADATA, ...METADATA_6].flatMap((to) =>
    ["proxy", "_apt", "nobody"].flatMap((who) =>
      [80, 443].map((port) => mayNot(who, "metadata", "tcp", to, port)),
    ),
  ),
  mayNot("root", "only port 80 there", "tcp", "169.254.169.254", 443),
];

const OWN = [
  ...AZURE,
  may("root", "check of the gateway", "udp", "10.0.2.2", DISCARD, { hops: 1 }),
  may("root", "looking for a fault", "ping", PUBLIC),
];

const LEASE = may("systemd-network", "renewing a lease", "udp", "10.0.2.2", 67, { fromPort: 68 });

/** Nobody answers there; that it is not refused has to do. */
const LEASE_6: Case = {
  ...may("systemd-network", "DHCPv6", "udp", `ff02::1:2%${LINK.machine}`, 547, { fromPort: 546 }),
  expected: "lost",
};

/** What anybody with a lease needs, and what the names of a first start need. */
const BY_ACCOUNT = [
  ...(["udp", "tcp"] as const).flatMap((protocol) =>
    ["root", "systemd-resolve"].map((who) => may(who, "DNS by DHCP", protocol, "192.0.2.53", 53)),
  ),
  may("_chrony", "NTP by DHCP or by name", "udp", "192.0.2.123", 123),
];

const ARCHIVE = [80, 443].map((port) => may("_apt", "the archive", "tcp", PUBLIC, port));

/** Without settings. */
export const ALWAYS: readonly Case[] = [LEASE, ...BY_ACCOUNT, ...OWN, ...ARCHIVE];
export const NEVER_AT_FIRST: readonly Case[] = [
  ...NEVER,
  ...[80, 443].map((port) => mayNot("proxy", "nobody is served yet", "tcp", PUBLIC, port)),
  mayNot("systemd-resolve", "there is no IPv6 yet", "udp", PUBLIC_6, 53),
];

const SMALL = SMALLEST.replace("schema: 1\n", "schema: 1\n");
const EXTRA = "defender: { extra: [{ host: agent.example.com, ports: [443, 8443] }] }\n";

export const DIRECT_TEXT = `${SMALL}${EXTRA}network:
  mode: static
  address: 10.0.2.15/24
  gateway: 10.0.2.2
  dns: [192.0.2.53, "2001:db8:53::53"]
  ipv6: { mode: static, address: "2001:db8:1::15/64", gateway: "2001:db8:1::2" }
time: { servers: [192.0.2.123, "2001:db8:123::1"] }
proxy: { privateDestinations: [10.60.0.0/24, "fd00::/16"] }
logging: { syslog: { host: 192.0.2.65 } }
updates: { mirror: "http://192.0.2.80:8080/debian" }
`;

/** An address in the middle of each network that a name must not lead to. */
const INNER_CASES = INNER.filter(
  (network) => !/^(0|127|224)\.|^::(1)?\/|^ff00:|^169\.254|^fe80:|^168\.63/.test(network),
).map((network) => {
  const [address = ""] = network.split("/");
  const inside = /\/(32|128)$/.test(network)
    ? address
    : address.includes(":")
      ? sixIn(address)
      : address.replace(/\.0$/, ".7");
  return mayNot("proxy", network, "tcp", inside, 443);
});

function sixIn(address: string): string {
  return /::$/.test(address)
    ? `${address}7`
    : address.replace(/[0-9a-f]*$/, (last) => (Number.parseInt(last || "0", 16) + 7).toString(16));
}

export const DIRECT: readonly Case[] = [
  ...NEVER,
  ...OWN,
  ...INNER_CASES,
  ...["192.0.2.53", "2001:db8:53::53"].flatMap((server) =>
    (["udp", "tcp"] as const).flatMap((protocol) =>
      ["root", "systemd-resolve"].map((who) =>
        may(who, "a DNS server of the settings", protocol, server, 53),
      ),
    ),
  ),
  ...["root", "systemd-resolve"].map((who) => mayNot(who, "another DNS server", "udp", "192.0.2.54", 53)),
  ...["192.0.2.123", "2001:db8:123::1"].map((server) => may("_chrony", "a time server", "udp", server, 123)),
  mayNot("_chrony", "another time server", "udp", "192.0.2.124", 123),
  mayNot("systemd-network", "there is no lease", "udp", "10.0.2.2", 67, { fromPort: 68 }),
  ...[80, 443, 8443].flatMap((port) =>
    [PUBLIC, PUBLIC_6, "10.60.0.7", "fd00:60::7"].map((to) =>
      may("proxy", "what it is for", "tcp", to, port),
    ),
  ),
  mayNot("proxy", "another private network", "tcp", "10.61.0.7", 443),
  may("root", "looking for a fault", "ping", PUBLIC_6),
  may("root", "check of the gateway", "udp", "2001:db8:1::2", DISCARD, { hops: 1 }),
  mayNot("nobody", "an echo carries data", "ping", PUBLIC_6),
  ...[443, 8080].map((port) => may("_apt", "the mirror", "tcp", "192.0.2.80", port)),
  ...ARCHIVE.map((one): Case => ({ ...one, expected: "refused", why: "the mirror is elsewhere" })),
  may("root", "the syslog server", "tcp", "192.0.2.65", 6514),
  mayNot("root", "another port of it", "tcp", "192.0.2.65", 514),
  mayNot("root", "another syslog server", "tcp", "192.0.2.66", 6514),
  mayNot("proxy", "rsyslog's work", "tcp", "192.0.2.65", 6514),
];

export const LEASE_TEXT = `${SMALL}network: { ipv6: { mode: slaac } }\n`;

export const BY_LEASE: readonly Case[] = [
  ...NEVER,
  LEASE,
  LEASE_6,
  ...BY_ACCOUNT,
  ...OWN,
  ...ARCHIVE,
  ...INNER_CASES,
  ...(["udp", "tcp"] as const).flatMap((protocol) =>
    ["root", "systemd-resolve"].map((who) => may(who, "DNS of a router", protocol, PUBLIC_6, 53)),
  ),
  may("_apt", "the archive", "tcp", PUBLIC_6, 80),
  ...[80, 443].flatMap((port) =>
    [PUBLIC, PUBLIC_6].map((to) => may("proxy", "what it is for", "tcp", to, port)),
  ),
  mayNot("proxy", "no private destination is named", "tcp", "10.60.0.7", 443),
  mayNot("proxy", "no extra port is named", "tcp", PUBLIC, 8443),
];

export const NAME_TEXT = `${SMALL}proxy:
  upstream: { host: proxy.corp.example, port: 3128 }
  privateDestinations: [100.100.0.0/16]
time: { servers: [ntp.corp.example, 192.0.2.123] }
logging: { syslog: { host: siem.corp.example, protocol: udp } }
`;

export const BY_NAME: readonly Case[] = [
  ...NEVER,
  LEASE,
  ...BY_ACCOUNT,
  ...OWN,
  may("proxy", "the upstream proxy", "tcp", "10.7.7.7", 3128),
  ...METADATA.map((to) => mayNot("proxy", "metadata, on the upstream's port", "tcp", to, 3128)),
  ...METADATA.map((to) => mayNot("_apt", "metadata, on the upstream's port", "tcp", to, 3128)),
  ...[80, 443].map((port) => mayNot("proxy", "never around the upstream proxy", "tcp", PUBLIC, port)),
  ...[80, 443].map((port) => may("proxy", "a private destination", "tcp", "100.100.7.7", port)),
  may("_apt", "by the upstream proxy", "tcp", "10.7.7.7", 3128),
  ...ARCHIVE.map((one): Case => ({ ...one, expected: "refused", why: "never around the upstream proxy" })),
  may("root", "the syslog server", "udp", "192.0.2.65", 514),
  mayNot("proxy", "there is no IPv6", "tcp", PUBLIC_6, 3128),
];
