import { messageOf, PosternError } from "../../error.ts";
import type { Settings } from "../../settings/settings.ts";
import { type Check, type CheckContext, type CheckResult, result } from "../check.ts";
import { clockCheck, firewallCheck } from "../machine.ts";
import { proxyCheck } from "../proxy.ts";
import { addressCheck } from "./address.ts";
import { dnsCheck } from "./dns.ts";
import { duplicateCheck } from "./duplicate.ts";
import { gateway6Check, gatewayCheck } from "./gateway.ts";
import { linkCheck } from "./link.ts";
import { tlsCheck } from "./tls.ts";

/** One layer, and the ids of those without which it means nothing. */
interface Layer {
  id: string;
  title: string;
  needs: readonly string[];
  /** Undefined where the settings give it nothing to look at. */
  look(context: CheckContext): Promise<CheckResult | undefined>;
  applies(settings: Settings | undefined): boolean;
}

const LAYERS: readonly Layer[] = [
  layer("link", "Link", [], linkCheck),
  layer("address", "Address", ["link"], addressCheck),
  layer("duplicate", "Address in use", ["address"], duplicateCheck, hasStatic),
  layer("gateway", "Gateway", ["address"], gatewayCheck),
  layer("gateway6", "Gateway IPv6", ["address"], gateway6Check, hasStatic6),
  layer("dns", "DNS", ["gateway"], dnsCheck),
  layer("clock", "Clock", [], clockCheck),
  layer("firewall", "Firewall", [], firewallCheck),
  layer("proxy", "Proxy", [], proxyCheck),
  layer("tls", "Defender", ["dns", "clock", "proxy"], tlsCheck),
];

function layer(
  id: string,
  title: string,
  needs: readonly string[],
  look: Check | Layer["look"],
  applies: Layer["applies"] = () => true,
): Layer {
  return { id, title, needs, look, applies };
}

function hasStatic6(settings: Settings | undefined): boolean {
  return settings?.network.ipv6.mode === "static";
}

function hasStatic(settings: Settings | undefined): boolean {
  if (settings === undefined) return false;
  const { mode, additional } = settings.network;
  return mode === "static" || hasStatic6(settings) || additional.some(({ address }) => address !== undefined);
}

/**
 * Looks at the machine from the near end to the far one. Layers that do not need each other are looked at
 * together, so that waiting does not add up; each is told in its turn. What stands behind a failed layer is
 * skipped: it could only repeat that fault in other words.
 */
export async function probeLayers(
  context: CheckContext,
  tell: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const end = performance.now() + context.patience;
  const looks = new Map<string, Promise<CheckResult | undefined>>();
  for (const one of LAYERS) looks.set(one.id, lookAt(one));
  const results: CheckResult[] = [];
  for (const look of looks.values()) {
    const seen = await look;
    if (seen === undefined) continue;
    results.push(seen);
    tell(seen);
  }
  return results;

  async function lookAt(one: Layer): Promise<CheckResult | undefined> {
    const { id, title, needs, look, applies } = one;
    if (!applies(context.settings)) return undefined;
    const before = await Promise.all(needs.map((need) => looks.get(need)));
    const cause = before.find((one) => one?.state === "fail" || one?.state === "skip");
    if (cause !== undefined) return result(id, title, "skip", `not looked at: ${cause.title} comes first`);
    try {
      // One patience for all of them: what waited for an address has used its part of it.
      return await look({ ...context, patience: Math.max(0, end - performance.now()) });
    } catch (error) {
      const next = error instanceof PosternError ? error.hint : undefined;
      return result(id, title, "fail", `cannot be looked at: ${messageOf(error)}`, next);
    }
  }
}
