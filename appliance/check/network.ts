import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { messageOf } from "../error.ts";
import { listCards } from "../network/cards.ts";
import { readIfThere } from "../system/files.ts";
import { until } from "../system/until.ts";
import { type Check, type CheckContext, type CheckResult, result } from "./check.ts";

/** The machine's own resolver; the settings' or DHCP's servers stand behind it. */
const RESOLVER = "127.0.0.53";
/** Asked for in every cloud: certificate lists and definitions come from here. */
const KNOWN_NAME = "www.microsoft.com";

export const addressCheck: Check = async ({ system, settings, patience }) => {
  const look = async () => {
    const cards = await listCards(system);
    return {
      cards,
      addresses: cards.flatMap(({ name, addresses }) => addresses.map((text) => `${text} on ${name}`)),
    };
  };
  const { cards, addresses } = await until(look, (seen) => seen.addresses.length > 0, { timeout: patience });
  if (addresses.length > 0) return result("address", "Address", "ok", addresses.join(", "));
  const withLink = cards.filter(({ hasLink }) => hasLink);
  if (withLink.length === 0) {
    const next = "Connect the network card: in the virtual machine's settings, or plug the cable in.";
    return result("address", "Address", "fail", "no card has a link", next);
  }
  const how =
    settings?.network.mode === "static" ? "the address is not on a card yet" : "no answer from DHCP";
  return result(
    "address",
    "Address",
    "fail",
    how,
    "Check the network (VLAN, port group), or give a static address.",
  );
};

/** The gateway answers ARP even where a firewall drops everything else. */
export const gatewayCheck: Check = async ({ system, patience }) => {
  const gateway = await until(
    () => defaultGateway(system.paths.at("/proc/net/route")),
    (found) => found !== undefined,
    {
      timeout: patience,
    },
  );
  if (gateway === undefined) {
    return result(
      "gateway",
      "Gateway",
      "fail",
      "there is no default route",
      "Set a gateway, or check the DHCP server.",
    );
  }
  const answers = async () => {
    await poke(gateway);
    return isKnownNeighbour(await readIfThere(system.paths.at("/proc/net/arp")), gateway);
  };
  const isThere = await until(answers, Boolean, { timeout: Math.min(patience, 5000) + 1000 });
  if (isThere) return result("gateway", "Gateway", "ok", `${gateway} answers`);
  const next = "Is it the right address, and is the card on the right network?";
  return result("gateway", "Gateway", "fail", `${gateway} does not answer`, next);
};

export const dnsCheck: Check = ({ patience }) =>
  until(
    () => askDns(KNOWN_NAME),
    ({ state }) => state !== "fail",
    { timeout: patience },
  );

async function askDns(name: string): Promise<CheckResult> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([RESOLVER]);
  try {
    const [first] = await resolver.resolve4(name);
    return result("dns", "DNS", "ok", `${name} is ${first}`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOTFOUND" || code === "ENODATA") {
      return result(
        "dns",
        "DNS",
        "warn",
        `answers, but does not know ${name}`,
        "Let the DNS server resolve Microsoft's names.",
      );
    }
    const detail = `no answer for ${name} (${messageOf(error)})`;
    return result(
      "dns",
      "DNS",
      "fail",
      detail,
      "Check the DNS servers and that port 53 is open towards them.",
    );
  }
}

/** The default route of /proc/net/route: addresses are hexadecimal in the machine's (little endian) order. */
export function gatewayOf(table: string): string | undefined {
  for (const line of table.split("\n").slice(1)) {
    const [, destination, gateway = "", flags = "0", , , , mask] = line.split(/\s+/);
    const isDefault = destination === "00000000" && mask === "00000000";
    // RTF_GATEWAY of linux/route.h.
    if (isDefault && (Number.parseInt(flags, 16) & 2) !== 0) {
      return (gateway.match(/../g) ?? [])
        .reverse()
        .map((byte) => Number.parseInt(byte, 16))
        .join(".");
    }
  }
  return undefined;
}

async function defaultGateway(path: string): Promise<string | undefined> {
  return gatewayOf((await readIfThere(path)) ?? "");
}

/** Whether /proc/net/arp has a whole entry (flag ATF_COM, 2, of linux/if_arp.h) for an address. */
export function isKnownNeighbour(table: string | undefined, address: string): boolean {
  return (table ?? "").split("\n").some((line) => {
    const [ip, , flags = "0"] = line.split(/\s+/);
    return ip === address && (Number.parseInt(flags, 16) & 2) !== 0;
  });
}

/** One datagram to the discard port, so that the kernel has to find the neighbour. */
function poke(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    // An unreachable network is an answer too: the table is looked at next.
    socket.send("", 9, address, () => socket.close(() => resolve()));
  });
}

export const networkChecks: readonly Check[] = [addressCheck, gatewayCheck, dnsCheck];

/** The first check that fails makes the ones behind it meaningless; the network is checked from the near end. */
export async function checkNetwork(context: CheckContext): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of networkChecks) {
    const one = await check(context);
    results.push(one);
    if (one.state === "fail") break;
  }
  return results;
}
