import { run } from "../../../builder/host/run.ts";
import { GUEST_GATEWAY } from "./addresses.ts";
import { assertInside } from "./netns.ts";

/** Clients for a machine on a tap, each by an address that the namespace has on that wire. */
export interface Wire {
  name: string;
  /** The namespace's own addresses there, with their prefix length; the first is the machine's gateway. */
  addresses: readonly string[];
}

/** Makes the tap that QEMU is plugged into, in the test's own namespace. */
export async function makeTap({ name, addresses }: Wire): Promise<void> {
  assertInside();
  await run("ip", ["tuntap", "add", "dev", name, "mode", "tap"]);
  for (const address of addresses) await run("ip", ["address", "add", address, "dev", name]);
  await run("ip", ["link", "set", name, "up"]);
}

/** The wire on which the namespace is the gateway, and the fake world lies behind it. */
export const gatewayWire = (name: string): Wire => ({ name, addresses: [`${GUEST_GATEWAY}/24`] });
