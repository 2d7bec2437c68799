import { type Draft, words } from "../draft.ts";
import { additionalStep, routesStep } from "./cardroutesteps.ts";
import { clientStep } from "./clientsteps.ts";
import {
  cloudStep,
  connectivityStep,
  defenderText,
  regionsStep,
  servicesStep,
  workspaceStep,
} from "./defendersteps.ts";
import { extraStep, formStep } from "./extrasteps.ts";
import { layoutStep, tryStep } from "./keyboardsteps.ts";
import { keysStep } from "./keydisk.ts";
import { layoutText } from "./layouts.ts";
import { loggingText, retentionStep, syslogStep, syslogText } from "./loggingsteps.ts";
import { dhcpDnsStep, ipv6Step, mtuStep, searchStep, vlanStep } from "./morenetworksteps.ts";
import { nameStep } from "./namestep.ts";
import { addressStep, cardStep, dnsStep, gatewayStep, modeStep } from "./networksteps.ts";
import type { Part } from "./part.ts";
import { passwordStep } from "./passwordstep.ts";
import { privateStep, upstreamStep, upstreamText } from "./proxysteps.ts";
import { passwordLoginStep, sshFromStep, sshText } from "./sshsteps.ts";
import type { Step } from "./step.ts";
import { hypervisorStep, timeStep, timeText, zoneStep } from "./timesteps.ts";
import { mirrorStep, updateModeStep, updatesText, windowStep } from "./updatesteps.ts";

/** One thing on a page of its own list. */
export interface Item {
  name: string;
  text(draft: Draft): string;
  step: Step;
}

/** A line of the review: a few questions in a row, or a list to choose one from. */
export interface Topic {
  part: Part;
  name: string;
  text(draft: Draft): string;
  steps?: readonly Step[];
  items?: readonly Item[];
}

export const NETWORK_STEPS: readonly Step[] = [cardStep, modeStep, addressStep, gatewayStep, dnsStep];
export const KEYBOARD_STEPS: readonly Step[] = [layoutStep, tryStep];

/** The lines of the review, in order. Everything that settings say is behind one of them. */
export const TOPICS: readonly Topic[] = [
  { part: "keyboard", name: "Keyboard", text: ({ keyboard }) => layoutText(keyboard), steps: KEYBOARD_STEPS },
  { part: "network", name: "Network", text: networkText, steps: NETWORK_STEPS },
  {
    part: "network-more",
    name: "Network, more",
    text: moreText,
    items: [
      { name: "DNS servers", text: ({ dns }) => list(words(dns), "from DHCP"), step: dhcpDnsStep },
      { name: "Search domains", text: ({ search }) => list(words(search)), step: searchStep },
      { name: "IPv6", text: ipv6Text, step: ipv6Step },
      { name: "VLAN", text: ({ vlan }) => String(vlan ?? "none"), step: vlanStep },
      { name: "MTU", text: ({ mtu }) => String(mtu ?? "as the card says"), step: mtuStep },
      {
        name: "Additional cards",
        text: ({ additional }) => list(additional.map(({ mac, address }) => `${mac} ${address ?? "DHCP"}`)),
        step: additionalStep,
      },
      {
        name: "Routes",
        text: ({ routes, additional }) =>
          list(
            [...routes, ...additional.flatMap((card) => card.routes)].map(
              ({ to, via }) => `${to} via ${via}`,
            ),
          ),
        step: routesStep,
      },
    ],
  },
  { part: "clients", name: "Clients", text: clientsText, steps: [clientStep] },
  {
    part: "admin",
    name: "Administrator",
    text: (draft) => `${passwordWord(draft)}, ${sshText(draft)}`,
    items: [
      { name: "Password", text: passwordWord, step: passwordStep },
      { name: "SSH keys", text: ({ sshKeys }) => String(sshKeys.length || "none"), step: keysStep },
      {
        name: "SSH from",
        text: ({ sshFrom }) => list(words(sshFrom), "this machine's own network"),
        step: sshFromStep,
      },
      {
        name: "SSH with password",
        text: ({ passwordLogin }) => (passwordLogin ? "yes" : "no"),
        step: passwordLoginStep,
      },
    ],
  },
  {
    part: "defender",
    name: "Defender",
    text: defenderText,
    items: [
      { name: "Cloud", text: ({ defender }) => defender.cloud, step: cloudStep },
      { name: "Services", text: ({ defender }) => list(defender.services), step: servicesStep },
      { name: "Regions", text: ({ defender }) => list(defender.regions, "all"), step: regionsStep },
      { name: "Connectivity", text: ({ defender }) => defender.connectivity, step: connectivityStep },
      { name: "Workspaces", text: ({ workspaces }) => list(words(workspaces)), step: workspaceStep },
      { name: "Form of names", text: ({ defender }) => defender.form, step: formStep },
      {
        name: "Extra destinations",
        text: ({ defender }) => list(defender.extra.map(({ host }) => host)),
        step: extraStep,
      },
    ],
  },
  {
    part: "time",
    name: "Time",
    text: timeText,
    items: [
      {
        name: "Time servers",
        text: ({ timeServers }) => list(words(timeServers), "from DHCP"),
        step: timeStep,
      },
      { name: "Zone", text: ({ zone }) => zone, step: zoneStep },
      {
        name: "Hypervisor's clock",
        text: ({ hypervisorClock }) => (hypervisorClock ? "yes" : "no"),
        step: hypervisorStep,
      },
    ],
  },
  { part: "name", name: "Name", text: ({ hostname }) => hostname, steps: [nameStep] },
  {
    part: "proxy",
    name: "Proxy",
    text: (draft) =>
      `${upstreamText(draft) === "" ? "straight out" : `through ${upstreamText(draft)}`}${privateText(draft)}`,
    items: [
      { name: "Through another proxy", text: (draft) => upstreamText(draft) || "no", step: upstreamStep },
      {
        name: "Private destinations",
        text: ({ proxy }) => list(proxy.privateDestinations),
        step: privateStep,
      },
    ],
  },
  {
    part: "logging",
    name: "Logging",
    text: loggingText,
    items: [
      {
        name: "Syslog server",
        text: ({ logging }) => syslogText(logging.syslog) || "none",
        step: syslogStep,
      },
      { name: "Kept", text: ({ logging }) => `${logging.retentionDays} days`, step: retentionStep },
    ],
  },
  {
    part: "updates",
    name: "Updates",
    text: updatesText,
    items: [
      {
        name: "Security updates",
        text: ({ updates }) => (updates.mode === "off" ? "no" : "yes"),
        step: updateModeStep,
      },
      { name: "Hours", text: ({ updates }) => updates.window ?? "daily, no restart", step: windowStep },
      { name: "Mirror", text: ({ updates }) => updates.mirror ?? "the distribution's own", step: mirrorStep },
    ],
  },
];

function list(values: readonly string[], none = "none"): string {
  return values.join(", ") || none;
}

function passwordWord({ passwordHash }: Draft): string {
  return passwordHash === undefined ? "no password" : "password set";
}

function networkText({ mac, mode, address, gateway, dns }: Draft): string {
  const card = mac === undefined ? "" : ` on ${mac}`;
  if (mode === "dhcp") return `DHCP${card}`;
  return `${address || "no address"}${card}, gateway ${gateway || "none"}, DNS ${list(words(dns))}`;
}

function ipv6Text({ ipv6 }: Draft): string {
  return ipv6.mode === "static" ? `${ipv6.address}, router ${ipv6.gateway}` : ipv6.mode;
}

function moreText(draft: Draft): string {
  const { vlan, mtu, search, routes, additional } = draft;
  const parts = [
    `IPv6 ${ipv6Text(draft)}`,
    ...(vlan === undefined ? [] : [`VLAN ${vlan}`]),
    ...(mtu === undefined ? [] : [`MTU ${mtu}`]),
    ...(search === "" ? [] : [`search ${list(words(search))}`]),
    ...(routes.length === 0 ? [] : [`routes ${routes.length}`]),
    ...(additional.length === 0 ? [] : [`additional cards ${additional.length}`]),
  ];
  return parts.join(", ");
}

function clientsText({ clients }: Draft): string {
  return list(clients.map(({ cidr, label }) => (label === undefined ? cidr : `${cidr} ${label}`)));
}

function privateText({ proxy }: Draft): string {
  return proxy.privateDestinations.length === 0 ? "" : `, private ${list(proxy.privateDestinations)}`;
}
