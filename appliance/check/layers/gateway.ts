import { createSocket } from "node:dgram";
import { readIfThere } from "../../system/files.ts";
import { until } from "../../system/until.ts";
import { type Check, type CheckContext, type CheckResult, result } from "../check.ts";
import { gatewayOf, isKnownNeighbour, isKnownNeighbour6 } from "../network.ts";
import { carriedBy, seatsOf } from "./seats.ts";

const TITLE = "Gateway";
const NEXT = "Is it the right address, and is the card in its network (VLAN, port group)?";
/** The kernel asks three times, a second apart. */
const ANSWER = 4000;

/** The gateway answers ARP even where a firewall drops everything else. */
export const gatewayCheck: Check = async ({ system, settings, patience }) => {
  const network = settings?.network;
  const wanted = network?.mode === "static" ? network.gateway : undefined;
  const gateway = await until(
    async () => gatewayOf((await readIfThere(system.paths.at("/proc/net/route"))) ?? ""),
    (found) => found !== undefined && (wanted === undefined || found === wanted),
    { timeout: patience },
  );
  if (gateway === undefined) {
    const named = wanted === undefined ? "" : ` to ${wanted}`;
    const next = wanted === undefined ? "Let the DHCP server give a gateway, or set a static address." : NEXT;
    return result("gateway", TITLE, "fail", `there is no default route${named}`, next);
  }
  if (wanted !== undefined && gateway !== wanted) {
    const detail = `the default route leads to ${gateway}; the settings say ${wanted}`;
    return result("gateway", TITLE, "fail", detail, "posternctl apply puts the settings in force.");
  }
  const answers = async () => {
    await poke("udp4", gateway);
    return isKnownNeighbour(await readIfThere(system.paths.at("/proc/net/arp")), gateway);
  };
  const isThere = await until(answers, Boolean, { timeout: Math.min(patience, 5000) + 1000 });
  if (isThere) return result("gateway", TITLE, "ok", `${gateway} answers`);
  return result("gateway", TITLE, "fail", `${gateway} does not answer`, NEXT);
};

/** The same of IPv6, where the settings name a router. It does not cut off what has IPv4, so it warns. */
export async function gateway6Check(context: CheckContext): Promise<CheckResult | undefined> {
  const { system, settings } = context;
  const ipv6 = settings?.network.ipv6;
  if (ipv6?.mode !== "static") return undefined;
  const [main] = await seatsOf(system, settings?.network);
  const name = main?.card && (carriedBy(system, main.card, "IPv6")[0]?.name ?? main.card.name);
  const answers = async () => {
    await poke("udp6", ipv6.gateway.startsWith("fe80") ? `${ipv6.gateway}%${name}` : ipv6.gateway);
    const { stdout } = await system.run("ip", ["-6", "neigh", "show", "to", ipv6.gateway]);
    return isKnownNeighbour6(stdout);
  };
  const isThere = await until(answers, Boolean, { timeout: ANSWER });
  if (isThere) return result("gateway6", "Gateway IPv6", "ok", `${ipv6.gateway} answers`);
  return result("gateway6", "Gateway IPv6", "warn", `${ipv6.gateway} does not answer`, NEXT);
}

/**
 * One datagram to the discard port, so that the kernel has to find the neighbour. No router passes it on: the
 * firewall lets out no other packet to that port.
 */
function poke(type: "udp4" | "udp6", address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createSocket(type);
    const end = () => socket.close(() => resolve());
    // An unreachable network is an answer too: the table is looked at next.
    socket.on("error", end);
    socket.bind(() => {
      socket.setTTL(1);
      socket.send("", 9, address, end);
    });
  });
}
