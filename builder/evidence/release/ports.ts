import { type Outgoing, outgoing, outgoingAtFirst } from "../../../appliance/firewall/outgoing.ts";
import { openPorts } from "../../../appliance/firewall/ufw.ts";
import { DEFAULTS } from "../../../appliance/settings/defaults.ts";
import { ACCOUNTS } from "../../../appliance/system/accounts.ts";

/** A line of what comes in. */
export interface PortIn {
  port: number;
  from: string;
  why: string;
}

/** A line of what goes out, or must not. */
export interface WayOut {
  /** Account of the machine. */
  who: string;
  /** `TCP 80, 443`. */
  what: string;
  to: string;
  why: string;
  verdict: Outgoing["verdict"];
  /** Also before the first settings. */
  atFirst: boolean;
}

/** What is open, by the code that the appliance makes its firewall with. */
export interface OpenWays {
  in: PortIn[];
  out: WayOut[];
  /** By IPv6 nothing goes out. */
  isOnlyIpv4: boolean;
}

/** With the default settings, clients and administrators as they are named. */
export function openWays(): OpenWays {
  const settings = { schema: 1, clients: [], ...DEFAULTS } as const;
  const rules = outgoing({ settings, isMirrored: false });
  const first = new Set(outgoingAtFirst().map(ruleText));
  return {
    in: openPorts([{ cidr: "each client network" }], ["each administrator's network"]).map(
      ({ port, from, comment }) => ({ port, from, why: comment }),
    ),
    isOnlyIpv4: rules.every(({ family, to }) => family === 4 && to?.includes(":") !== true),
    out: grouped(rules.map((rule) => ({ rule, atFirst: first.has(ruleText(rule)) }))),
  };
}

const ruleText = (rule: Outgoing): string => JSON.stringify(Object.entries(rule).sort());

interface Placed {
  rule: Outgoing;
  atFirst: boolean;
}

/** Rules that differ only in where they lead, or in TCP and UDP, are one line. */
function grouped(placed: readonly Placed[]): WayOut[] {
  const lines: { key: string; rules: Placed[] }[] = [];
  for (const one of placed) {
    const { who, ports, fromPort, isOnLink, verdict, why } = one.rule;
    const key = JSON.stringify([who, ports, fromPort, isOnLink, verdict, why, one.atFirst]);
    const last = lines.find((line) => line.key === key);
    if (last === undefined) lines.push({ key, rules: [one] });
    else last.rules.push(one);
  }
  return lines.flatMap(({ rules }) => lineOf(rules));
}

function lineOf(placed: readonly Placed[]): WayOut[] {
  const [first] = placed;
  if (first === undefined) return [];
  const { who, verdict, why, ports = [], fromPort, isOnLink } = first.rule;
  const protocols = unique(placed.map(({ rule }) => protocolText(rule.protocol)));
  const from = fromPort === undefined ? [] : [`from ${fromPort}`];
  const link = isOnLink === true ? ["not past a router"] : [];
  const places = unique(placed.map(({ rule }) => rule.to ?? "anywhere"));
  return [
    {
      who: who === undefined ? "anybody" : ACCOUNTS[who],
      what: [protocols.join(" and "), ports.join(", "), ...from, ...link]
        .filter((text) => text !== "")
        .join(" "),
      to: places.join(", "),
      why,
      verdict,
      atFirst: first.atFirst,
    },
  ];
}

function protocolText(protocol: Outgoing["protocol"]): string {
  if (protocol === undefined) return "anything";
  return protocol === "ping" ? "echo" : protocol.toUpperCase();
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
