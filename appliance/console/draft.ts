import { DEFAULTS } from "../settings/defaults.ts";
import type {
  AdditionalCard,
  Client,
  Defender,
  Ipv6,
  Keyboard,
  Logging,
  Route,
  Settings,
  Updates,
} from "../settings/settings.ts";
import type { Part } from "./steps/part.ts";

/**
 * What was answered so far. Every answer is right by itself; whether they fit together is looked at in the
 * review.
 */
export interface Draft {
  keyboard: Keyboard;
  hostname: string;
  mac: string | undefined;
  mode: "dhcp" | "static";
  /** Texts of a list are as typed, with spaces between the words. */
  address: string;
  gateway: string;
  dns: string;
  search: string;
  ipv6: Ipv6;
  vlan: number | undefined;
  mtu: number | undefined;
  routes: readonly Route[];
  additional: readonly AdditionalCard[];
  clients: readonly Client[];
  passwordHash: string | undefined;
  sshKeys: readonly string[];
  sshFrom: string;
  passwordLogin: boolean;
  defender: Omit<Defender, "workspaces">;
  workspaces: string;
  proxy: Settings["proxy"];
  zone: string;
  timeServers: string;
  hypervisorClock: boolean;
  logging: Logging;
  updates: Updates;
  /** Texts that were left with Esc before they were right, by the title of their question. */
  unfinished: Readonly<Record<string, string>>;
  /** Parts whose given values were wrong and that nobody has answered yet. */
  marked: readonly Part[];
}

/** The answers that would have led to these settings. */
export function draftOf(settings: Settings): Draft {
  const { keyboard, hostname, network, clients, admin, defender, proxy, time, logging, updates } = settings;
  const { workspaces, ...otherDefender } = defender;
  return {
    keyboard,
    hostname,
    mac: network.mac,
    mode: network.mode,
    address: network.mode === "static" ? network.address : "",
    gateway: network.mode === "static" ? network.gateway : "",
    dns: network.dns.join(" "),
    search: network.search.join(" "),
    ipv6: network.ipv6,
    vlan: network.vlan,
    mtu: network.mtu,
    routes: network.routes,
    additional: network.additional,
    clients,
    passwordHash: admin.passwordHash,
    sshKeys: admin.sshKeys,
    sshFrom: admin.from.join(" "),
    passwordLogin: admin.passwordLogin,
    defender: otherDefender,
    workspaces: workspaces.join(" "),
    proxy,
    zone: time.zone,
    timeServers: time.servers.join(" "),
    hypervisorClock: time.hypervisor,
    logging,
    updates,
    unfinished: {},
    marked: [],
  };
}

export const EMPTY_DRAFT: Draft = draftOf({ schema: 1, ...DEFAULTS, clients: [] });

/** The settings that the answers mean; `problemsOf` says whether they can be used. */
export function settingsOf(draft: Draft): Settings {
  const { keyboard, hostname, clients, defender, proxy, logging, updates } = draft;
  const network = {
    ...(draft.mac === undefined ? {} : { mac: draft.mac }),
    dns: words(draft.dns),
    search: words(draft.search),
    ipv6: draft.ipv6,
    routes: draft.routes,
    additional: draft.additional,
    ...(draft.vlan === undefined ? {} : { vlan: draft.vlan }),
    ...(draft.mtu === undefined ? {} : { mtu: draft.mtu }),
  };
  return {
    schema: 1,
    hostname,
    keyboard,
    network:
      draft.mode === "dhcp"
        ? { mode: "dhcp", ...network }
        : { mode: "static", address: draft.address, gateway: draft.gateway, ...network },
    clients,
    admin: {
      sshKeys: draft.sshKeys,
      from: hasSsh(draft) ? words(draft.sshFrom) : [],
      passwordLogin: draft.passwordLogin,
      ...(draft.passwordHash === undefined ? {} : { passwordHash: draft.passwordHash }),
    },
    defender: { ...defender, workspaces: words(draft.workspaces) },
    proxy,
    time: { zone: draft.zone, servers: words(draft.timeServers), hypervisor: draft.hypervisorClock },
    logging,
    updates,
  };
}

/** Whether anybody may log in by SSH. */
export function hasSsh({ sshKeys, passwordLogin }: Draft): boolean {
  return sshKeys.length > 0 || passwordLogin;
}

/** `a b, c` as its words; commas are what people type as well. */
export function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
