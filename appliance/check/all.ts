import type { CheckContext, CheckResult } from "./check.ts";
import { probeLayers } from "./layers/probe.ts";
import { configuredCheck, diskCheck } from "./machine.ts";

/** Every check, in the order in which a fault of one explains the next. */
export async function checkAll(context: CheckContext): Promise<CheckResult[]> {
  const [configured, layers, disk] = await Promise.all([
    configuredCheck(context),
    probeLayers(context, () => {}),
    diskCheck(context),
  ]);
  return [configured, ...layers, disk];
}

/** What is looked at after a change, told in the order in which a fault of one explains the next. */
export function probe(context: CheckContext, tell: (result: CheckResult) => void): Promise<CheckResult[]> {
  return probeLayers(context, tell);
}

/** Whether the machine can no longer be reached over its network. */
export function isCutOff(results: readonly CheckResult[]): boolean {
  return results.some(
    ({ id, state }) => state === "fail" && ["link", "address", "duplicate", "gateway"].includes(id),
  );
}
