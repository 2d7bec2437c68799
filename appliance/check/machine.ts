import { statfs } from "node:fs/promises";
import { outgoingFault } from "../firewall/inforce.ts";
import { type Check, result } from "./check.ts";

export { clockCheck } from "./layers/time.ts";

/** ufw is on, and what may go out is what the file says. */
export const firewallCheck: Check = async ({ system }) => {
  const { stdout } = await system.run("ufw", ["status"]);
  if (!/^Status: active$/m.test(stdout))
    return result("firewall", "Firewall", "fail", "not active: every port is open", "ufw --force enable");
  const fault = await outgoingFault(system);
  if (fault === undefined) return result("firewall", "Firewall", "ok", "active, in and out");
  const detail = `active, but what goes out is not limited: ${fault}`;
  return result("firewall", "Firewall", "fail", detail, "systemctl restart ufw; then: posternctl apply");
};

const FULL = 95;
const FILLING = 85;

export const diskCheck: Check = async ({ system }) => {
  const used = await Promise.all(
    [["/", "system"] as const, ["/var/log", "log"] as const].map(async ([path, name]) => {
      const { blocks, bavail } = await statfs(system.paths.at(path)).catch(() => ({ blocks: 1, bavail: 1 }));
      return { name, percent: Math.round((1 - bavail / Math.max(1, blocks)) * 100) };
    }),
  );
  const worst = Math.max(...used.map(({ percent }) => percent));
  const detail = used.map(({ name, percent }) => `${name} ${percent} %`).join(", ");
  if (worst < FILLING) return result("disk", "Disk", "ok", detail);
  return result(
    "disk",
    "Disk",
    worst < FULL ? "warn" : "fail",
    detail,
    "Enlarge the disk and restart; the log partition grows.",
  );
};

export const configuredCheck: Check = async ({ settings }) => {
  if (settings !== undefined) return result("configured", "Settings", "ok", "in force");
  return result("configured", "Settings", "fail", "this machine is not configured", "posternctl setup");
};
