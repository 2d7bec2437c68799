import type { CheckContext, CheckResult } from "./check.ts";
import { clockCheck, configuredCheck, diskCheck, firewallCheck } from "./machine.ts";
import { checkNetwork } from "./network.ts";
import { proxyCheck } from "./proxy.ts";

/** Every check, in the order in which a fault of one explains the next. */
export async function checkAll(context: CheckContext): Promise<CheckResult[]> {
  const [configured, network, firewall, proxy, clock, disk] = await Promise.all([
    configuredCheck(context),
    checkNetwork(context),
    firewallCheck(context),
    proxyCheck(context),
    clockCheck(context),
    diskCheck(context),
  ]);
  return [configured, ...network, firewall, proxy, clock, disk];
}

/** What is looked at after a change, told in the order in which a fault of one explains the next. */
export async function probe(
  context: CheckContext,
  tell: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const add = (more: readonly CheckResult[]): void => {
    results.push(...more);
    for (const one of more) tell(one);
  };
  // All at once, so that the waiting does not add up.
  const proxy = proxyCheck(context);
  const firewall = firewallCheck(context);
  add(await checkNetwork(context));
  add([await firewall, await proxy]);
  return results;
}

/** Whether the machine can no longer be reached over its network. */
export function isCutOff(results: readonly CheckResult[]): boolean {
  return results.some(
    ({ id, state }) => state === "fail" && ["link", "address", "duplicate", "gateway"].includes(id),
  );
}
