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

/** What is looked at after a change, one after the other, each told as it ends. */
export async function probe(
  context: CheckContext,
  tell: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const network = checkNetwork(context);
  const results: CheckResult[] = [];
  for (const one of [...(await network), await firewallCheck(context), await proxyCheck(context)]) {
    results.push(one);
    tell(one);
  }
  return results;
}
