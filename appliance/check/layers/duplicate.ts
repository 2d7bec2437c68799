import { listCards } from "../../network/cards.ts";
import { readIfThere } from "../../system/files.ts";
import type { System } from "../../system/system.ts";
import { type CheckContext, type CheckResult, result } from "../check.ts";
import { type Carried, carriedBy, seatsOf } from "./seats.ts";

const TITLE = "Address in use";
const NEXT = "Give this machine another address, or take that one from the other machine.";

/**
 * Asks by ARP whether another machine has a static address too (RFC 5227); the kernel asks by itself for IPv6.
 * Undefined where there is nothing to ask: a DHCP server looks after its own addresses.
 */
export async function duplicateCheck(context: CheckContext): Promise<CheckResult | undefined> {
  const { system, settings } = context;
  const carried = await staticAddresses(context);
  const address6 = settings?.network.ipv6.mode === "static" ? settings.network.ipv6.address : undefined;
  if (carried.length === 0 && address6 === undefined) return undefined;
  const own = new Set((await listCards(system)).map(({ mac }) => mac.toLowerCase()));
  try {
    const holders = await Promise.all(
      carried.map(async (one) => ({ ...one, mac: await holderOf(system, one, own) })),
    );
    const taken = holders.filter(({ mac }) => mac !== undefined);
    const details = taken.map(({ name, cidr, mac }) => `${plain(cidr)} on ${name} is in use by ${mac}`);
    const table = await readIfThere(system.paths.at("/proc/net/if_inet6"));
    if (address6 !== undefined && hasFailed(table, plain(address6)))
      details.push(`${plain(address6)} is in use by another machine`);
    if (details.length > 0) return result("duplicate", TITLE, "fail", details.join(", "), NEXT);
    return result("duplicate", TITLE, "ok", "nobody else answers for it");
  } catch {
    return result("duplicate", TITLE, "skip", "arping, which asks for it, cannot be run");
  }
}

async function staticAddresses({ system, settings }: CheckContext): Promise<Carried[]> {
  const seats = await seatsOf(system, settings?.network);
  return seats.flatMap(({ card, address }) =>
    card === undefined || address === undefined
      ? []
      : carriedBy(system, card).filter(({ cidr }) => cidr === address),
  );
}

/** The MAC of another machine that answers for an address; arping(8) of iputils, two questions. */
async function holderOf(
  system: System,
  { name, cidr }: Carried,
  own: ReadonlySet<string>,
): Promise<string | undefined> {
  const args = ["-D", "-c", "2", "-w", "3", "-I", name, plain(cidr)];
  const { stdout } = await system.run("arping", args, { timeout: 6000 });
  return repliesOf(stdout).find((mac) => !own.has(mac));
}

/** The MACs of arping's lines: `Unicast reply from 10.0.0.5 [52:54:00:00:00:07]  0.7ms`. */
export function repliesOf(output: string): string[] {
  const found = output.matchAll(/^(?:Unicast|Broadcast) \w+ from \S+ \[([0-9a-f:]{17})\]/gim);
  return [...found].map(([, mac = ""]) => mac.toLowerCase());
}

/** Whether /proc/net/if_inet6 marks an address as refused: flag IFA_F_DADFAILED, 8, of linux/if_addr.h. */
export function hasFailed(table: string | undefined, address: string): boolean {
  return (table ?? "").split("\n").some((line) => {
    const [digits = "", , , , flags = "0"] = line.trim().split(/\s+/);
    return digits === digitsOf(address) && (Number.parseInt(flags, 16) & 8) !== 0;
  });
}

/** The 32 digits of an IPv6 address, as the kernel writes it. */
function digitsOf(address: string): string {
  const [head = "", tail] = address.split("::").map((half) => half.split(":").filter((part) => part !== ""));
  const groups = [
    ...head,
    ...new Array<string>(8 - head.length - (tail?.length ?? 0)).fill("0"),
    ...(tail ?? []),
  ];
  return groups.map((group) => group.padStart(4, "0")).join("");
}

function plain(cidr: string): string {
  return cidr.split("/")[0] ?? cidr;
}
