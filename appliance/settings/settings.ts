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

/** A static route: a network, and the address of the router that leads there. */
export interface Route {
  /** Canonical CIDR. */
  to: string;
  /** A router inside a network of the same card. */
  via: string;
}

interface CardCommon {
  /** IEEE 802.1Q tag, 1 to 4094: the card speaks in that VLAN alone. */
  vlan?: number;
  /** Bytes; without it what the card or DHCP says. */
  mtu?: number;
  routes: readonly Route[];
}

export type Ipv6 =
  | { mode: "off" }
  /** Router advertisements, and DHCPv6 where they say so. */
  | { mode: "slaac" }
  /** An address with its prefix, and a router: in the same network or link-local. */
  | { mode: "static"; address: string; gateway: string };

interface NetworkCommon extends CardCommon {
  /** `52:54:00:12:34:56`: the card to use; without it the only wired card there is. */
  mac?: string;
  /** Addresses of DNS servers; with DHCP they replace the ones it gives. */
  dns: readonly string[];
  search: readonly string[];
  ipv6: Ipv6;
  /** Further cards, such as one of the clients' side. The default route is never theirs. */
  additional: readonly AdditionalCard[];
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

export interface AdditionalCard extends CardCommon {
  mac: string;
  /** IPv4 with its prefix; without it DHCP gives one. */
  address?: string;
}

/** A network whose machines may use the proxy. */
export interface Client {
  cidr: string;
  label?: string;
}

export interface Admin {
  /** OpenSSH public keys, one line each. Without a key and without password login, SSH is closed. */
  sshKeys: readonly string[];
  /** Networks that may use SSH. Empty with keys: the network the machine itself stands in. */
  from: readonly string[];
  /** Whether SSH takes the password too. */
  passwordLogin: boolean;
  /** crypt(5), yescrypt or SHA-512, for the console. Without it the account stays as it is. */
  passwordHash?: string;
}

/** How names are opened where Microsoft documents both: each by itself, or all below a suffix. */
export const FORMS = ["exact", "wildcard"] as const;
export type Form = (typeof FORMS)[number];

/** A destination that is not in the catalogue. */
export interface ExtraDestination {
  /** `a.example`, or `.a.example` for it and every name below. */
  host: string;
  /** 80 is opened for GET and HEAD, every other port for tunnels. */
  ports: readonly number[];
  label?: string;
}

export interface Defender {
  cloud: Cloud;
  /** Empty: every region of the cloud. */
  regions: readonly Region[];
  connectivity: Connectivity;
  services: readonly Service[];
  /** Defender for Identity workspaces, for sensor v2. */
  workspaces: readonly string[];
  form: Form;
  /** Names of the catalogue that other tenants control, opened because they are asked for here. */
  broad: readonly string[];
  extra: readonly ExtraDestination[];
  /** Public keys (Ed25519, one line each) that may sign a new catalogue, beside those in the image. */
  catalogueKeys: readonly string[];
}

export interface Time {
  /** IANA name, such as `Europe/Berlin`. */
  zone: string;
  /** Names or addresses; empty: what DHCP or the hypervisor gives. */
  servers: readonly string[];
  /** Whether the hypervisor's clock (PTP device) is a source beside them. */
  hypervisor: boolean;
}

export interface Proxy {
  /** Everything goes out through this proxy instead of directly. */
  upstream?: { host: string; port: number };
  /** Private networks that an allowed name may lead to (Private Link). */
  privateDestinations: readonly string[];
  /** Whether a tunnel must begin with a TLS hello for the very name that was asked for. Nothing is decrypted. */
  sniCheck: boolean;
}

/** Ways to a syslog server: RFC 5425 over TLS, RFC 5426 over UDP. */
export const SYSLOG_PROTOCOLS = ["tls", "udp"] as const;
export type SyslogProtocol = (typeof SYSLOG_PROTOCOLS)[number];

export interface Syslog {
  host: string;
  port: number;
  protocol: SyslogProtocol;
  /** PEM certificates of the server's authority; without it the system's. Only for tls. */
  ca?: string;
}

export interface Logging {
  syslog?: Syslog;
  /** Days that logs are kept, as far as the log partition has room. */
  retentionDays: number;
}

/** `security`: security updates install themselves; `off`: nothing does. */
export const UPDATE_MODES = ["security", "off"] as const;
export type UpdateMode = (typeof UPDATE_MODES)[number];

export interface Updates {
  mode: UpdateMode;
  /**
   * `02:00-04:00`, or `Sat,Sun 02:00-04:00`, in the machine's time zone: updates install at its start, and a
   * restart that they need happens in it. Without a window they install daily and nothing ever restarts.
   */
  window?: string;
  /** Base URL of a mirror of the distribution's archive, such as `http://mirror.example.com/debian`. */
  mirror?: string;
}

export interface Keyboard {
  /** XKB layout, such as `us` or `de`. */
  layout: string;
  /** XKB variant, such as `nodeadkeys`. */
  variant?: string;
}

/** The whole of what a machine is told. Every text is in its canonical form. */
export interface Settings {
  schema: 1;
  hostname: string;
  keyboard: Keyboard;
  network: Network;
  clients: readonly Client[];
  admin: Admin;
  defender: Defender;
  proxy: Proxy;
  time: Time;
  logging: Logging;
  updates: Updates;
}
