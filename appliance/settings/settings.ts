/** Microsoft's clouds, in the catalogue's words. */
export const CLOUDS = ["commercial", "gcc", "gcc-high", "dod"] as const;
export type Cloud = (typeof CLOUDS)[number];

/** Where a commercial tenant keeps its data. */
export const REGIONS = ["us", "eu", "uk", "au", "uae"] as const;
export type Region = (typeof REGIONS)[number];

export const CONNECTIVITIES = ["streamlined", "standard"] as const;
export type Connectivity = (typeof CONNECTIVITIES)[number];

/** What can be turned on. The catalogue says which names each of them opens. */
export const SERVICES = [
  "mde",
  "mdi",
  "smartscreen",
  "windows-update",
  "linux-packages",
  "mac-packages",
  "third-party-revocation",
  "mde-exact",
  "mdi-package",
  "settings-management",
  "sign-in",
  "live-response-push",
  "network-scanner",
  "ipv6-probe",
  "legacy-telemetry",
  "legacy-agent",
  "portal",
  "azure-arc",
] as const;
export type Service = (typeof SERVICES)[number];

interface NetworkCommon {
  /** `52:54:00:12:34:56`: the card to use; without it the only wired card there is. */
  mac?: string;
  /** Addresses of DNS servers; with DHCP they replace the ones it gives. */
  dns: readonly string[];
  search: readonly string[];
  /** `auto`: router advertisements and DHCPv6 on the same card. */
  ipv6: "off" | "auto";
}

export interface DhcpNetwork extends NetworkCommon {
  mode: "dhcp";
}

export interface StaticNetwork extends NetworkCommon {
  mode: "static";
  /** IPv4 with its prefix: `10.20.0.5/24`. */
  address: string;
  /** An address inside that network. */
  gateway: string;
}

export type Network = DhcpNetwork | StaticNetwork;

/** A network whose machines may use the proxy. */
export interface Client {
  cidr: string;
  label?: string;
}

export interface Admin {
  /** OpenSSH public keys, one line each. Without one, SSH is closed. */
  sshKeys: readonly string[];
  /** Networks that may use SSH. Empty with keys: the network the machine itself stands in. */
  from: readonly string[];
  /** crypt(5), yescrypt or SHA-512, for the console. Without it the account stays as it is. */
  passwordHash?: string;
}

export interface Defender {
  cloud: Cloud;
  /** Empty: every region of the cloud. */
  regions: readonly Region[];
  connectivity: Connectivity;
  services: readonly Service[];
  /** Defender for Identity workspaces, for sensor v2. */
  workspaces: readonly string[];
}

/** The whole of what a machine is told. Every text is in its canonical form. */
export interface Settings {
  schema: 1;
  hostname: string;
  network: Network;
  clients: readonly Client[];
  admin: Admin;
  defender: Defender;
  time: {
    /** Names or addresses; empty: what DHCP or the hypervisor gives. */
    servers: readonly string[];
  };
}
