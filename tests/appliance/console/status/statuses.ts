import type { Status } from "../../../../appliance/check/status.ts";

const NOW = Date.UTC(2026, 10, 24, 12, 5, 0);

/** A machine that is well: the one of the picture. */
export const WELL: Status = {
  time: NOW,
  zone: "UTC",
  version: "1.0.0",
  base: "debian-13",
  configured: true,
  hostname: "proxy-01",
  addresses: [{ card: "eth0", address: "10.20.0.5/24", hasLink: true }],
  gateway: { address: "10.20.0.1", state: "answers" },
  clock: { state: "ok", milliseconds: 0.4 },
  serving: true,
  port: 3128,
  clients: [
    { cidr: "10.20.0.0/16", label: "servers" },
    { cidr: "10.30.5.0/24", label: "dmz" },
  ],
  tunnels: 1204,
  traffic: { allowed: 84_110, refused: 212, isWhole: true },
  denials: [
    {
      time: Date.UTC(2026, 10, 24, 12, 4, 31),
      client: "10.20.4.7",
      target: "www.example.com:443",
      rule: "name",
    },
    {
      time: Date.UTC(2026, 10, 23, 23, 59, 2),
      client: "10.30.5.199",
      target: `${"very-".repeat(12)}long.telemetry.example.com:8443`,
      rule: "port",
    },
  ],
  defender: {
    cloud: "commercial",
    regions: ["eu"],
    connectivity: "streamlined",
    services: ["mde", "mdi"],
    workspaces: ["contoso"],
  },
  catalogue: { version: "2026-11-23", key: undefined, problem: undefined },
  reach: {
    time: NOW - 60_000,
    services: [
      { id: "mde", state: "ok", detail: "8 of 8 answer" },
      { id: "mdi contoso", state: "ok", detail: "answers" },
      { id: "crl", state: "ok", detail: "answers" },
    ],
  },
  disks: [
    { name: "log", percent: 11, bytes: 12 * 1024 ** 3 },
    { name: "system", percent: 42, bytes: 4 * 1024 ** 3 },
  ],
  updates: { pending: { total: 2, security: 2 }, installs: "tonight 02:00", restarts: true },
  rebootNeeded: false,
  ssh: {
    from: ["10.20.9.0/24"],
    fingerprints: ["SHA256:zsAFGkeN0tkLYBk4OjL3dTcRUnQ8hxrqWzVq2pB0aQ0 (ed25519)"],
  },
  waiting: undefined,
  settings: { number: 12, time: "2026-11-20T09:30:00.000Z", origin: { way: "console", detail: "tty1" } },
};

/** The same machine on a bad day. */
export const ILL: Status = {
  ...WELL,
  serving: false,
  gateway: { address: "10.20.0.1", state: "silent" },
  clock: { state: "waiting" },
  traffic: { allowed: 33_000, refused: 9, isWhole: false },
  denials: [],
  reach: {
    time: NOW - 3_600_000,
    services: [
      { id: "mde", state: "fail", detail: "winatp-gw-weu.microsoft.com: no answer in 10 s" },
      { id: "crl", state: "ok", detail: "answers" },
    ],
  },
  disks: [
    { name: "log", percent: 96, bytes: 12 * 1024 ** 3 },
    { name: "system", percent: 86, bytes: 4 * 1024 ** 3 },
  ],
  updates: { pending: { total: 7, security: 3 }, installs: undefined, restarts: false },
  rebootNeeded: true,
  waiting: { deadline: NOW + 86_500, origin: { way: "command" } },
};

/** A machine that was switched on for the first time, without a cable. */
export const FRESH: Status = {
  ...WELL,
  configured: false,
  hostname: undefined,
  addresses: [{ card: "eth0", address: "", hasLink: false }],
  gateway: undefined,
  clock: { state: "silent" },
  serving: false,
  clients: [],
  tunnels: 0,
  traffic: { allowed: 0, refused: 0, isWhole: true },
  denials: [],
  defender: undefined,
  catalogue: undefined,
  reach: undefined,
  updates: { pending: undefined, installs: "daily", restarts: false },
  ssh: { from: [], fingerprints: [] },
  settings: undefined,
};
