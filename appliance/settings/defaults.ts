import type { Settings } from "./settings.ts";

/** What holds where the file says nothing. Clients have no default: somebody has to name them. */
export const DEFAULTS = {
  hostname: "postern",
  keyboard: { layout: "us" },
  network: { mode: "dhcp", dns: [], search: [], ipv6: { mode: "off" }, routes: [], additional: [] },
  admin: { sshKeys: [], from: [], passwordLogin: false },
  defender: {
    cloud: "commercial",
    regions: [],
    connectivity: "streamlined",
    services: ["mde", "mdi"],
    workspaces: [],
    form: "exact",
    broad: [],
    extra: [],
    catalogueKeys: [],
  },
  proxy: { privateDestinations: [], sniCheck: false },
  time: { zone: "UTC", servers: [], hypervisor: true },
  logging: { retentionDays: 30 },
  updates: { mode: "security" },
} as const satisfies Omit<Settings, "schema" | "clients">;
