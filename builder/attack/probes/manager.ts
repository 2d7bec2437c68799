import type { Aim, Probe } from "../probe.ts";
import { ask, OTHER, tunnelTo } from "./requests.ts";

const topic = "the proxy's own pages";
const why = "The cache manager tells who talks to whom, and can stop the proxy.";
const source = "https://github.com/squid-cache/squid/security/advisories/GHSA-j49p-553x-48rx";
const must = {
  answer: "refused",
  lacks: [/Squid Object Cache|Connection information for squid|Cache Manager (?:menu|Interface)/i],
} as const;

const URLS: readonly [id: string, title: string, url: (aim: Aim) => string][] = [
  [
    "menu",
    "the cache manager by the proxy's name",
    ({ proxy, port }) => `http://${proxy}:${port}/squid-internal-mgr/menu`,
  ],
  ["info", "its information page", ({ proxy, port }) => `http://${proxy}:${port}/squid-internal-mgr/info`],
  ["config", "the configuration", ({ proxy, port }) => `http://${proxy}:${port}/squid-internal-mgr/config`],
  [
    "shutdown",
    "the switch that stops it",
    ({ proxy, port }) => `http://${proxy}:${port}/squid-internal-mgr/shutdown`,
  ],
  [
    "localhost",
    "the cache manager by localhost",
    ({ port }) => `http://localhost:${port}/squid-internal-mgr/info`,
  ],
  [
    "loopback",
    "the cache manager by loopback",
    ({ port }) => `http://127.0.0.1:${port}/squid-internal-mgr/info`,
  ],
  ["allowed", "the cache manager by an allowed name", ({ web }) => `http://${web}/squid-internal-mgr/info`],
  ["path", "the cache manager by its path", () => "/squid-internal-mgr/info"],
  ["object", "the cache manager by its old scheme", ({ proxy }) => `cache_object://${proxy}/info`],
  ["object-localhost", "the same on localhost", () => "cache_object://localhost/info"],
  [
    "icon",
    "an icon of the proxy",
    ({ proxy, port }) => `http://${proxy}:${port}/squid-internal-static/icons/SN.png`,
  ],
  [
    "digest",
    "the digest of its cache",
    ({ proxy, port }) => `http://${proxy}:${port}/squid-internal-periodic/store_digest`,
  ],
  ["root", "the proxy's root page", ({ proxy, port }) => `http://${proxy}:${port}/`],
];

export const MANAGER: readonly Probe[] = [
  ...URLS.map(([id, title, url]) => ({
    id: `manager-${id}`,
    topic,
    title,
    send: (aim: Aim) => [ask("GET", url(aim))],
    // An allowed name may have such a path too, and then the page is that server's own.
    must: id === "allowed" ? { ...must, answer: "either" as const } : must,
    why,
    source,
    ...(id === "allowed" ? { needs: ["origin"] as const } : {}),
  })),
  {
    id: "manager-itself",
    topic,
    title: "the cache manager from the proxy's own machine",
    send: ({ port }) => [ask("GET", `http://localhost:${port}/squid-internal-mgr/info`)],
    must,
    why,
    source,
    from: "itself",
    needs: ["itself"],
  },
];

const loose = "from the proxy's own machine";

/** What a local process, or somebody who forwards a port over SSH, can reach. */
export const ITSELF: readonly Probe[] = [
  ...(
    [
      ["name", "a name that is not on the list", `${OTHER}:443`],
      ["port", "a name that is not on the list, port 22", `${OTHER}:22`],
      ["metadata", "the platform's metadata", "169.254.169.254:80"],
      ["private", "an inner server", "10.0.0.5:22"],
      ["loopback", "another service of the machine", "127.0.0.1:22"],
    ] as const
  ).map(([id, title, target]) => ({
    id: `itself-${id}`,
    topic: loose,
    title,
    send: () => [tunnelTo(target)],
    must: { answer: "refused" } as const,
    why: "Any local process has an open proxy.",
    from: "itself" as const,
    needs: ["itself"] as const,
  })),
];
