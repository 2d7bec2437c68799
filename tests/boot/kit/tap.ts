import { run } from "../../../builder/host/run.ts";
import { GUEST_GATEWAY } from "./addresses.ts";
import { assertInside } from "./netns.ts";

/**
 * Makes a tap that QEMU is plugged into, in the test's own namespace, and gives the namespace addresses on
 * it: the machine's gateway first, and clients that it sees behind that.
 */
export async function makeTap(name: string, clients: readonly string[]): Promise<void> {
  assertInside();
  await run("ip", ["tuntap", "add", "dev", name, "mode", "tap"]);
  for (const address of [`${GUEST_GATEWAY}/24`, ...clients.map((one) => `${one}/32`)])
    await run("ip", ["address", "add", address, "dev", name]);
  await run("ip", ["link", "set", name, "up"]);
}
