import { DEFAULTS } from "../settings/defaults.ts";
import type { Client, Cloud, Settings } from "../settings/settings.ts";

/** What was answered so far. Texts are as typed and already right by themselves. */
export interface Draft {
  hostname: string;
  mac: string | undefined;
  mode: "dhcp" | "static";
  address: string;
  gateway: string;
  dns: string;
  clients: readonly Client[];
  passwordHash: string | undefined;
  sshKeys: readonly string[];
  sshFrom: string;
  cloud: Cloud;
  workspaces: string;
  timeServers: string;
  /** What is not asked for and stays as it is. */
  kept: Settings | undefined;
}

export const EMPTY_DRAFT: Draft = {
  hostname: "postern",
  mac: undefined,
  mode: "dhcp",
  address: "",
  gateway: "",
  dns: "",
  clients: [],
  passwordHash: undefined,
  sshKeys: [],
  sshFrom: "",
  cloud: "commercial",
  workspaces: "",
  timeServers: "",
  kept: undefined,
};

/** The answers that would have led to these settings. */
export function draftOf(settings: Settings): Draft {
  const { hostname, network, clients, admin, defender, time } = settings;
  return {
    hostname,
    mac: network.mac,
    mode: network.mode,
    address: network.mode === "static" ? network.address : "",
    gateway: network.mode === "static" ? network.gateway : "",
    dns: network.dns.join(" "),
    clients,
    passwordHash: admin.passwordHash,
    sshKeys: admin.sshKeys,
    sshFrom: admin.from.join(" "),
    cloud: defender.cloud,
    workspaces: defender.workspaces.join(" "),
    timeServers: time.servers.join(" "),
    kept: settings,
  };
}

/** The settings that the answers mean; `parseSettings` has the last word on them. */
export function settingsOf(draft: Draft): Settings {
  const { kept } = draft;
  const common = {
    ...(draft.mac === undefined ? {} : { mac: draft.mac }),
    dns: words(draft.dns),
    search: kept?.network.search ?? [],
    ipv6: kept?.network.ipv6 ?? DEFAULTS.network.ipv6,
    routes: kept?.network.routes ?? [],
    additional: kept?.network.additional ?? [],
    ...(kept?.network.vlan === undefined ? {} : { vlan: kept.network.vlan }),
    ...(kept?.network.mtu === undefined ? {} : { mtu: kept.network.mtu }),
  };
  return {
    schema: 1,
    hostname: draft.hostname,
    keyboard: kept?.keyboard ?? DEFAULTS.keyboard,
    network:
      draft.mode === "dhcp"
        ? { mode: "dhcp", ...common }
        : { mode: "static", address: draft.address, gateway: draft.gateway, ...common },
    clients: draft.clients,
    admin: {
      sshKeys: draft.sshKeys,
      from: draft.sshKeys.length === 0 ? [] : words(draft.sshFrom),
      passwordLogin: kept?.admin.passwordLogin ?? false,
      ...(draft.passwordHash === undefined ? {} : { passwordHash: draft.passwordHash }),
    },
    defender: {
      cloud: draft.cloud,
      regions: kept?.defender.regions ?? [],
      connectivity: kept?.defender.connectivity ?? DEFAULTS.defender.connectivity,
      services: kept?.defender.services ?? DEFAULTS.defender.services,
      workspaces: words(draft.workspaces),
      form: kept?.defender.form ?? DEFAULTS.defender.form,
      extra: kept?.defender.extra ?? [],
    },
    proxy: kept?.proxy ?? DEFAULTS.proxy,
    time: {
      zone: kept?.time.zone ?? DEFAULTS.time.zone,
      servers: words(draft.timeServers),
      hypervisor: kept?.time.hypervisor ?? DEFAULTS.time.hypervisor,
    },
    logging: kept?.logging ?? DEFAULTS.logging,
    updates: kept?.updates ?? DEFAULTS.updates,
  };
}

/** `a b, c` as its words; commas are what people type as well. */
export function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
