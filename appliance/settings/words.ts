import type { AdditionalCard, Network, Route, Settings } from "./settings.ts";
import { fingerprint, parseSshKey } from "./sshkey.ts";

/** One thing that settings say: its name, and its value or values in words. */
interface Said {
  name: string;
  /** One text where there can be only one, a list where each stands for itself. */
  value: string | readonly string[];
  /** The value tells a change, and is never shown. */
  isSecret?: boolean;
}

/**
 * What changes between two settings, a line each, in plain words. No secret is in it.
 *
 * @param before undefined: the machine has no settings yet.
 */
export function changesInWords(before: Settings | undefined, after: Settings): string[] {
  const old = before === undefined ? undefined : said(before);
  return said(after).flatMap((now, index) => changeOf(old?.[index], now));
}

function changeOf(old: Said | undefined, { name, value, isSecret = false }: Said): string[] {
  if (isSecret) return (old?.value ?? "") === value ? [] : [`${name}: ${value === "" ? "taken out" : "new"}`];
  if (typeof value === "string") {
    const previous = typeof old?.value === "string" ? old.value : undefined;
    if (previous === value) return [];
    return [previous === undefined ? `${name}: ${value}` : `${name}: ${previous} becomes ${value}`];
  }
  const previous = typeof old?.value === "object" ? old.value : [];
  const gone = previous
    .filter((text) => !value.includes(text))
    .map((text) => `${name}: ${text} is taken out`);
  const come = value.filter((text) => !previous.includes(text)).map((text) => `${name}: ${text} is added`);
  const isMoved = gone.length + come.length === 0 && previous.some((text, index) => text !== value[index]);
  return isMoved ? [`${name}: now in the order ${value.join(", ")}`] : [...gone, ...come];
}

/** Everything that settings say, always in the same order. */
function said(settings: Settings): Said[] {
  const { hostname, keyboard, network, clients, admin, defender, proxy, time, logging, updates } = settings;
  const { upstream } = proxy;
  return [
    { name: "Name", value: hostname },
    { name: "Keyboard", value: [keyboard.layout, keyboard.variant].filter(Boolean).join(" ") },
    ...networkSaid(network),
    { name: "Clients", value: clients.map(({ cidr, label }) => labelled(cidr, label)) },
    { name: "SSH keys", value: admin.sshKeys.map(keyText) },
    { name: "SSH from", value: admin.from },
    { name: "SSH with the password", value: onOff(admin.passwordLogin) },
    { name: "Administrator's password", value: admin.passwordHash ?? "", isSecret: true },
    { name: "Defender cloud", value: defender.cloud },
    { name: "Defender regions", value: defender.regions.length === 0 ? ["all"] : defender.regions },
    { name: "Defender connectivity", value: defender.connectivity },
    { name: "Defender services", value: defender.services },
    { name: "Identity workspaces", value: defender.workspaces },
    { name: "Form of names", value: defender.form },
    { name: "Broad names, of other tenants too", value: defender.broad },
    {
      name: "Extra destinations",
      value: defender.extra.map(({ host, ports, label }) =>
        labelled(`${host} on port ${ports.join(" and ")}`, label),
      ),
    },
    { name: "Keys for catalogues", value: defender.catalogueKeys.map(keyText) },
    {
      name: "Upstream proxy",
      value: upstream === undefined ? "none" : `${upstream.host} port ${upstream.port}`,
    },
    { name: "Private destinations", value: proxy.privateDestinations },
    { name: "Check of the TLS hello", value: onOff(proxy.sniCheck) },
    { name: "Time zone", value: time.zone },
    { name: "Time servers", value: time.servers },
    { name: "Hypervisor's clock", value: onOff(time.hypervisor) },
    { name: "Log server", value: syslogText(logging.syslog) },
    { name: "Logs are kept", value: `${logging.retentionDays} days` },
    { name: "Updates", value: updates.mode === "off" ? "off" : "security updates by themselves" },
    { name: "Update window", value: updates.window ?? "any time, without restarts" },
    { name: "Package mirror", value: updates.mirror ?? "the distribution's own" },
  ];
}

function networkSaid(network: Network): Said[] {
  const { ipv6 } = network;
  const isStatic = network.mode === "static";
  return [
    { name: "Network card", value: network.mac ?? "the wired one" },
    { name: "Address", value: isStatic ? network.address : "by DHCP" },
    { name: "Gateway", value: isStatic ? network.gateway : "by DHCP" },
    { name: "DNS servers", value: network.dns },
    { name: "Search domains", value: network.search },
    { name: "VLAN", value: network.vlan === undefined ? "none" : String(network.vlan) },
    { name: "MTU", value: network.mtu === undefined ? "as the card says" : String(network.mtu) },
    {
      name: "IPv6",
      value: ipv6.mode === "static" ? `${ipv6.address}, gateway ${ipv6.gateway}` : ipv6.mode,
    },
    { name: "Routes", value: network.routes.map(routeText) },
    { name: "Additional cards", value: network.additional.map(cardText) },
  ];
}

function cardText({ mac, address, vlan, mtu, routes }: AdditionalCard): string {
  return [
    `${mac} ${address ?? "by DHCP"}`,
    ...(vlan === undefined ? [] : [`VLAN ${vlan}`]),
    ...(mtu === undefined ? [] : [`MTU ${mtu}`]),
    ...routes.map(routeText),
  ].join(", ");
}

function routeText({ to, via }: Route): string {
  return `${to} by ${via}`;
}

function labelled(text: string, label: string | undefined): string {
  return label === undefined ? text : `${text} (${label})`;
}

function keyText(line: string): string {
  const key = parseSshKey(line);
  return key.ok ? `${fingerprint(key.value)} ${key.value.comment}`.trimEnd() : "a key";
}

function onOff(isOn: boolean): string {
  return isOn ? "on" : "off";
}

function syslogText(syslog: Settings["logging"]["syslog"]): string {
  if (syslog === undefined) return "none";
  const ca = syslog.ca === undefined ? "" : ", own authority";
  return `${syslog.host} port ${syslog.port} by ${syslog.protocol}${ca}`;
}
