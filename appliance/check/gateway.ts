import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { gatewayOf } from "./network.ts";

export interface Gateway {
  address: string;
  /** `unknown`: the kernel has not asked for it yet. */
  state: "answers" | "silent" | "unknown";
}

/** The default gateway as the kernel's tables have it: nothing is sent. */
export async function readGateway({ paths }: System): Promise<Gateway | undefined> {
  const [routes, neighbours] = await Promise.all(
    ["/proc/net/route", "/proc/net/arp"].map((path) => readIfThere(paths.at(path)).catch(() => undefined)),
  );
  const address = gatewayOf(routes ?? "");
  return address === undefined ? undefined : { address, state: neighbourState(neighbours ?? "", address) };
}

/** What /proc/net/arp says of an address: a whole entry has the flag ATF_COM, 2, of linux/if_arp.h. */
export function neighbourState(table: string, address: string): Gateway["state"] {
  for (const line of table.split("\n")) {
    const [ip, , flags = "0"] = line.split(/\s+/);
    if (ip === address) return (Number.parseInt(flags, 16) & 2) === 0 ? "silent" : "answers";
  }
  return "unknown";
}
