import type { ExtraDestination, Proxy as ProxySettings } from "../../../appliance/settings/settings.ts";

/* What the machine is told, who asks it for what, and what has to come of it. */

export const CLOUD = "198.51.100.7";
export const CLIENT = "10.20.0.9";
export const STRANGER = "10.99.0.9";
/** An address of a private destination. */
export const PRIVATE = "10.60.0.7";
export const UPSTREAM = "10.9.0.1";

/** What came back; of a tunnel that opened, the word that was sent. */
export interface Answer {
  status: number;
  head: string;
  body: string;
}

export interface Probe {
  request: string;
  from?: string;
  /** What goes into a tunnel that opens; a word where nothing is said. */
  inside?: Inside;
}

/** A TLS hello, with a name in it or none, whole or in pieces; or other bytes. */
export type Inside = { sni?: string; pieces?: number } | { bytes: string };

export interface Scenario {
  proxy: ProxySettings;
  extra: readonly ExtraDestination[];
  /** What DNS says. */
  names: Readonly<Record<string, readonly string[]>>;
  probes: Readonly<Record<string, Probe>>;
  /** Name of the probe, its status, and the rule that refused it. */
  expected: readonly (readonly [name: string, status: number, rule?: string])[];
}

const tunnel = (target: string) => `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`;
const get = (url: string, method = "GET") =>
  `${method} ${url} HTTP/1.1\r\nHost: www.microsoft.com\r\nConnection: close\r\n\r\n`;

const NAMES = {
  "go.microsoft.com": [CLOUD],
  "www.microsoft.com": [CLOUD],
  "www.example.com": [CLOUD],
  "agent.example.com": [CLOUD],
  "definitionupdates.microsoft.com": ["10.0.0.5"],
  "config.edge.skype.com": ["127.0.0.1"],
  "private.endpoint.security.microsoft.com": [PRIVATE],
  "mixed.endpoint.security.microsoft.com": [PRIVATE, "10.0.0.5"],
};

const EXTRA: readonly ExtraDestination[] = [{ host: "agent.example.com", ports: [8443] }];

/** What stands between clients and the world, whatever else is set. */
const REFUSED: Scenario["probes"] = {
  "another name": { request: tunnel("www.example.com:443") },
  "allowed name, port 22": { request: tunnel("go.microsoft.com:22") },
  "allowed name, port 80": { request: tunnel("go.microsoft.com:80") },
  "allowed name, another name's port": { request: tunnel("go.microsoft.com:8443") },
  "extra name, port 443": { request: tunnel("agent.example.com:443") },
  "an address": { request: tunnel(`${CLOUD}:443`) },
  "an address, extra port": { request: tunnel(`${CLOUD}:8443`) },
  "an IPv6 address": { request: tunnel("[2001:db8::7]:443") },
  "a decimal address": { request: tunnel("3325256711:443") },
  "another client": { request: tunnel("go.microsoft.com:443"), from: STRANGER },
  "another client, extra port": { request: tunnel("agent.example.com:8443"), from: STRANGER },
  "the machine itself, another name": { request: tunnel("www.example.com:443"), from: "127.0.0.1" },
  "the machine itself, port 22": { request: tunnel("go.microsoft.com:22"), from: "127.0.0.1" },
  "the machine itself, cache manager": {
    request: get("http://postern:3128/squid-internal-mgr/info"),
    from: "127.0.0.1",
  },
  "web to another name": { request: get("http://www.example.com/") },
  "web to an extra name": { request: get("http://agent.example.com/") },
  "web by POST": { request: get("http://www.microsoft.com/", "POST") },
  "web by TRACE": { request: get("http://www.microsoft.com/", "TRACE") },
  "web on another port": { request: get("http://www.microsoft.com:8080/") },
  "web on an extra port": { request: get("http://agent.example.com:8443/") },
  ftp: { request: get("ftp://www.microsoft.com/") },
  "cache manager": { request: get("http://postern:3128/squid-internal-mgr/info") },
  "a name that would leave JSON": { request: get('http://www.example.com/"},{"a\\') },
  "a host with markup": { request: tunnel("<script>alert(1)</script>:443") },
  "a path with markup": { request: get("http://www.example.com/%3Cscript%3Ealert(1)%3C/script%3E") },
  "a head with another host": {
    request: "GET http://www.example.com/ HTTP/1.1\r\nHost: <img src=x>\r\nConnection: close\r\n\r\n",
  },
};

const REFUSALS: Scenario["expected"] = [
  ["another name", 403, "name"],
  ["allowed name, port 22", 403, "port"],
  ["allowed name, port 80", 403, "port"],
  ["allowed name, another name's port", 403, "name"],
  ["extra name, port 443", 403, "name"],
  ["an address", 403, "name"],
  ["an address, extra port", 403, "name"],
  ["an IPv6 address", 403, "name"],
  ["a decimal address", 403, "name"],
  ["another client", 403, "client"],
  ["another client, extra port", 403, "client"],
  ["the machine itself, another name", 403, "name"],
  ["the machine itself, port 22", 403, "port"],
  ["the machine itself, cache manager", 403, "manager"],
  ["web to another name", 403, "name"],
  ["web to an extra name", 403, "name"],
  ["web by POST", 403, "method"],
  ["web by TRACE", 403, "method"],
  ["web on another port", 403, "port"],
  ["web on an extra port", 403, "port"],
  ["ftp", 403, "scheme"],
  ["cache manager", 403, "manager"],
  ["a name that would leave JSON", 400],
  ["a host with markup", 400],
  ["a path with markup", 403, "name"],
  ["a head with another host", 403, "name"],
];

/** Straight out, with one private network open on purpose. */
export const DIRECT: Scenario = {
  proxy: { privateDestinations: ["10.60.0.0/24"], sniCheck: false },
  extra: EXTRA,
  names: NAMES,
  probes: {
    ...REFUSED,
    "allowed tunnel": { request: tunnel("go.microsoft.com:443") },
    "allowed in capitals with a dot": { request: tunnel("GO.Microsoft.com.:443") },
    "the machine itself": { request: tunnel("go.microsoft.com:443"), from: "127.0.0.1" },
    "extra tunnel": { request: tunnel("agent.example.com:8443") },
    "allowed web": { request: get("http://www.microsoft.com/pkiops/a.crl?secret=1") },
    "allowed name that leads to a private destination": {
      request: tunnel("private.endpoint.security.microsoft.com:443"),
    },
    "allowed name that leads there and elsewhere inside": {
      request: tunnel("mixed.endpoint.security.microsoft.com:443"),
    },
    "allowed name that leads inside": { request: tunnel("definitionupdates.microsoft.com:443") },
    "the machine itself, to its inside": {
      request: tunnel("definitionupdates.microsoft.com:443"),
      from: "127.0.0.1",
    },
    "allowed name that leads to loopback": { request: tunnel("config.edge.skype.com:443") },
    "the private destination by its address": { request: tunnel(`${PRIVATE}:443`) },
  },
  expected: [
    ...REFUSALS,
    ["allowed tunnel", 200],
    ["allowed in capitals with a dot", 200],
    ["the machine itself", 200],
    ["extra tunnel", 200],
    ["allowed web", 200],
    ["allowed name that leads to a private destination", 200],
    ["allowed name that leads there and elsewhere inside", 403, "address"],
    ["allowed name that leads inside", 403, "address"],
    ["the machine itself, to its inside", 403, "address"],
    ["allowed name that leads to loopback", 403, "address"],
    ["the private destination by its address", 403, "name"],
  ],
};

/** Through another proxy; DNS here knows no name at all. */
export const BEHIND: Scenario = {
  proxy: { upstream: { host: UPSTREAM, port: 8080 }, privateDestinations: [], sniCheck: false },
  extra: EXTRA,
  names: {},
  probes: {
    ...REFUSED,
    "allowed tunnel": { request: tunnel("go.microsoft.com:443") },
    "the machine itself": { request: tunnel("go.microsoft.com:443"), from: "127.0.0.1" },
    "extra tunnel": { request: tunnel("agent.example.com:8443") },
    "allowed web": { request: get("http://www.microsoft.com/pkiops/a.crl?secret=1") },
  },
  expected: [
    ...REFUSALS,
    ["allowed tunnel", 200],
    ["the machine itself", 200],
    ["extra tunnel", 200],
    ["allowed web", 200],
  ],
};

/** Through another proxy, but to a Private Link from here. */
export const BEHIND_WITH_LINK: Scenario = {
  proxy: { upstream: { host: UPSTREAM, port: 8080 }, privateDestinations: ["10.60.0.0/24"], sniCheck: false },
  extra: EXTRA,
  names: NAMES,
  probes: {
    ...REFUSED,
    "allowed tunnel": { request: tunnel("go.microsoft.com:443") },
    "private destination": { request: tunnel("private.endpoint.security.microsoft.com:443") },
    "there and elsewhere inside": { request: tunnel("mixed.endpoint.security.microsoft.com:443") },
  },
  expected: [
    ...REFUSALS,
    ["allowed tunnel", 200],
    ["private destination", 200],
    ["there and elsewhere inside", 403, "address"],
  ],
};

/** Tunnels are held to the name in their TLS hello. */
export const HELLO: Scenario = {
  proxy: { privateDestinations: [], sniCheck: true },
  extra: [
    { host: "agent.example.com", ports: [8443] },
    { host: ".below.example.com", ports: [443] },
  ],
  names: { ...NAMES, "a.below.example.com": [CLOUD], "settings-win.data.microsoft.com": [CLOUD] },
  probes: {
    "the name asked for": { request: tunnel("go.microsoft.com:443"), inside: { sni: "go.microsoft.com" } },
    "in capitals": { request: tunnel("GO.microsoft.com.:443"), inside: { sni: "Go.Microsoft.COM" } },
    "in pieces": {
      request: tunnel("go.microsoft.com:443"),
      inside: { sni: "go.microsoft.com", pieces: 12 },
    },
    "another port": { request: tunnel("agent.example.com:8443"), inside: { sni: "agent.example.com" } },
    "below a suffix": { request: tunnel("a.below.example.com:443"), inside: { sni: "a.below.example.com" } },
    "beside it below the suffix": {
      request: tunnel("a.below.example.com:443"),
      inside: { sni: "b.below.example.com" },
    },
    "no name": { request: tunnel("go.microsoft.com:443"), inside: {} },
    "another name of the list": {
      request: tunnel("go.microsoft.com:443"),
      inside: { sni: "www.microsoft.com" },
    },
    "a name of another port": {
      request: tunnel("go.microsoft.com:443"),
      inside: { sni: "agent.example.com" },
    },
    "a name outside the list": {
      request: tunnel("go.microsoft.com:443"),
      inside: { sni: "www.example.com" },
    },
    "outside, in pieces": {
      request: tunnel("go.microsoft.com:443"),
      inside: { sni: "www.example.com", pieces: 12 },
    },
    "the outer name of an encrypted hello": {
      request: tunnel("go.microsoft.com:443"),
      inside: { sni: "cloudflare-ech.com" },
    },
    "the suffix's name with another in front": {
      request: tunnel("a.below.example.com:443"),
      inside: { sni: "below.example.com.evil.example" },
    },
    "SSH inside": { request: tunnel("go.microsoft.com:443"), inside: { bytes: "SSH-2.0-OpenSSH_9.9\r\n" } },
    "HTTP inside": {
      request: tunnel("go.microsoft.com:443"),
      inside: { bytes: "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n" },
    },
    "a broken hello": {
      request: tunnel("go.microsoft.com:443"),
      inside: { bytes: "\x16\x03\x01\x00\x05\x01\x02\x03\x04\x05" },
    },
    "a tunnel that is refused": {
      request: tunnel("www.example.com:443"),
      inside: { sni: "www.example.com" },
    },
    "web that is refused": { request: get("http://www.example.com/") },
    "allowed web": { request: get("http://www.microsoft.com/pkiops/a.crl") },
  },
  expected: [
    ["the name asked for", 200],
    ["in capitals", 200],
    ["in pieces", 200],
    ["another port", 200],
    ["below a suffix", 200],
    ["beside it below the suffix", 200],
    ["no name", 200],
    ["another name of the list", 200, "sni"],
    ["a name of another port", 200, "sni"],
    ["a name outside the list", 200, "sni"],
    ["outside, in pieces", 200, "sni"],
    ["the outer name of an encrypted hello", 200, "sni"],
    ["the suffix's name with another in front", 200, "sni"],
    ["SSH inside", 200, "hello"],
    ["HTTP inside", 200, "hello"],
    ["a broken hello", 200, "hello"],
    // Squid says yes first, to hear the hello, and then breaks off.
    ["a tunnel that is refused", 200, "name"],
    ["web that is refused", 403, "name"],
    ["allowed web", 200],
  ],
};
