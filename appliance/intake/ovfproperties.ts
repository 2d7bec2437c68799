import { CLOUDS, REGIONS, SERVICES } from "../settings/settings.ts";

/** How the text of a property becomes a value of the settings. */
export type PropertyForm =
  /** The text itself. */
  | "text"
  | "number"
  /** One of a few words, in any case; spaces may stand for hyphens. */
  | "choice"
  /** Words with commas or spaces between. */
  | "words"
  /** The same, each one of a few. */
  | "choices"
  /** CIDRs with commas or spaces between, each with a label if it has one: `10.20.0.0/16=servers`. */
  | "clients"
  /** OpenSSH public keys with commas or semicolons between. */
  | "keys"
  /** `host:port` */
  | "host"
  /** `host`, `host:port`, `udp://host:port` */
  | "syslog"
  /** A whole settings file, as it is or in base64. */
  | "settings";

/**
 * One OVF property. The OVA's descriptor asks for them, and the first boot reads the answers. vSphere's clients
 * show the label, the description and the category, and nothing is ever required: a property without a value
 * must not keep a machine from starting.
 */
export interface OvfSetting {
  key: `postern.${string}`;
  /** In OVF's words. Booleans and numbers are strings too: clients disagree about what they look like. */
  type: "string";
  category: string;
  label: string;
  description: string;
  /** Most characters, as OVF's `MaxLen`. */
  longest: number;
  form: PropertyForm;
  /** What can be chosen, where it is a choice. */
  values?: readonly string[];
  /** Where it goes in the settings; empty: it is the settings. */
  path: readonly string[];
}

const string = { type: "string" } as const;
const network = { ...string, category: "1. Network" };
const access = { ...string, category: "2. Clients and administrator" };
const defender = { ...string, category: "3. Defender" };
const services = { ...string, category: "4. Time, logs, keyboard" };
const whole = { ...string, category: "5. Everything in one" };

/**
 * Every property, in the order in which they are asked.
 *
 * No key is one that cloud-init's OVF reader would take for its own (`hostname`, `password`, `user-data` ...,
 * https://github.com/canonical/cloud-init/blob/main/cloudinit/sources/DataSourceOVF.py): all begin with
 * `postern.`. There is no property for a password: its value would stay readable in vCenter for ever.
 */
export const OVF_SETTINGS: readonly OvfSetting[] = [
  {
    ...{ ...network, key: "postern.hostname", form: "text", longest: 253, path: ["hostname"] },
    label: "Name of the machine",
    description: "Such as proxy-01 or proxy-01.example.com. Empty: postern.",
  },
  {
    ...{ ...network, key: "postern.network", form: "choice", longest: 16, path: ["network", "mode"] },
    values: ["dhcp", "static"],
    label: "Address by DHCP or static",
    description: "dhcp or static. Empty: static when an address is given, else dhcp.",
  },
  {
    ...{ ...network, key: "postern.address", form: "text", longest: 64, path: ["network", "address"] },
    label: "Static address with prefix",
    description: "Such as 10.20.0.5/24, or 10.20.0.5 255.255.255.0.",
  },
  {
    ...{ ...network, key: "postern.gateway", form: "text", longest: 64, path: ["network", "gateway"] },
    label: "Gateway",
    description: "The router, inside the network of the address. Such as 10.20.0.1.",
  },
  {
    ...{ ...network, key: "postern.dns", form: "words", longest: 512, path: ["network", "dns"] },
    label: "DNS servers",
    description: "Addresses with commas between. With DHCP they replace the ones it gives.",
  },
  {
    ...{ ...network, key: "postern.search", form: "words", longest: 1024, path: ["network", "search"] },
    label: "DNS search domains",
    description: "Names with commas between. Such as example.com.",
  },
  {
    ...{ ...network, key: "postern.vlan", form: "number", longest: 8, path: ["network", "vlan"] },
    label: "VLAN",
    description:
      "1 to 4094, where this machine has to tag its packets itself. Empty where the port group does.",
  },
  {
    ...{ ...access, key: "postern.clients", form: "clients", longest: 8192, path: ["clients"] },
    label: "Networks that may use the proxy",
    description:
      "CIDRs with commas between, each with a label if you like: 10.20.0.0/16=servers, 10.30.5.0/24=dmz. Without it the console asks.",
  },
  {
    ...{ ...access, key: "postern.ssh-keys", form: "keys", longest: 16384, path: ["admin", "sshKeys"] },
    label: "SSH public keys",
    description: "Whole lines of .pub files with commas between. Empty: no SSH.",
  },
  {
    ...{ ...access, key: "postern.ssh-from", form: "words", longest: 2048, path: ["admin", "from"] },
    label: "Networks that may use SSH",
    description: "CIDRs with commas between. Empty: the network this machine stands in.",
  },
  {
    ...{
      ...access,
      key: "postern.password-hash",
      form: "text",
      longest: 256,
      path: ["admin", "passwordHash"],
    },
    label: "Hash of the console password",
    description:
      "What mkpasswd -m yescrypt prints; never the password itself, because this value stays readable in vCenter.",
  },
  {
    ...{ ...defender, key: "postern.cloud", form: "choice", longest: 16, path: ["defender", "cloud"] },
    values: CLOUDS,
    label: "Defender cloud",
    description: "commercial, gcc, gcc-high or dod. Empty: commercial.",
  },
  {
    ...{ ...defender, key: "postern.regions", form: "choices", longest: 64, path: ["defender", "regions"] },
    values: REGIONS,
    label: "Regions of the tenant",
    description: "us, eu, uk, au, uae, with commas between. Empty: all.",
  },
  {
    ...{
      ...defender,
      key: "postern.services",
      form: "choices",
      longest: 512,
      path: ["defender", "services"],
    },
    values: SERVICES,
    label: "Services",
    description: "What may be reached, with commas between. Empty: mde, mdi.",
  },
  {
    ...{
      ...defender,
      key: "postern.workspaces",
      form: "words",
      longest: 2048,
      path: ["defender", "workspaces"],
    },
    label: "Defender for Identity workspaces",
    description: "Names with commas between, for sensor version 2. Such as contoso-corp.",
  },
  {
    ...{
      ...defender,
      key: "postern.upstream-proxy",
      form: "host",
      longest: 280,
      path: ["proxy", "upstream"],
    },
    label: "Upstream proxy",
    description: "Where this machine has to go out through another proxy: proxy.example.com:8080.",
  },
  {
    ...{ ...services, key: "postern.ntp", form: "words", longest: 2048, path: ["time", "servers"] },
    label: "Time servers",
    description: "Names or addresses with commas between. Empty: what DHCP or the hypervisor gives.",
  },
  {
    ...{ ...services, key: "postern.timezone", form: "text", longest: 64, path: ["time", "zone"] },
    label: "Time zone",
    description: "Such as Europe/Berlin. Empty: UTC.",
  },
  {
    ...{ ...services, key: "postern.syslog", form: "syslog", longest: 280, path: ["logging", "syslog"] },
    label: "Syslog server",
    description: "syslog.example.com:6514 speaks TLS; udp://10.20.0.9:514 does not.",
  },
  {
    ...{ ...services, key: "postern.keyboard", form: "text", longest: 32, path: ["keyboard", "layout"] },
    label: "Keyboard of the console",
    description: "Such as us, gb, de or fr. Empty: us.",
  },
  {
    ...{ ...whole, key: "postern.settings", form: "settings", longest: 49152, path: [] },
    label: "Whole settings file",
    description: "A settings.yaml, best in base64. The properties above go over what it says.",
  },
];
