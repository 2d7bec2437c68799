import { statfs } from "node:fs/promises";
import { type Check, result } from "./check.ts";

export const firewallCheck: Check = async ({ system }) => {
  const { stdout } = await system.run("ufw", ["status"]);
  if (/^Status: active$/m.test(stdout)) return result("firewall", "Firewall", "ok", "active");
  return result("firewall", "Firewall", "fail", "not active: every port is open", "ufw --force enable");
};

/** Windows refuses Defender's certificates when the clocks are far apart; here it matters for logs and updates. */
export const clockCheck: Check = async ({ system }) => {
  const { code, stdout } = await system.run("chronyc", ["-c", "tracking"]);
  const fields = stdout.trim().split(",");
  // chronyc(1), -c: field 5 is the offset in seconds, the last one the leap status.
  if (code === 0 && fields.at(-1) !== "Not synchronised") {
    const offset = Math.abs(Number(fields[4] ?? 0) * 1000);
    return result("clock", "Clock", "ok", `synchronised (${offset.toFixed(1)} ms)`);
  }
  const detail = code === 0 ? "not synchronised yet" : "chrony does not answer";
  return result(
    "clock",
    "Clock",
    "warn",
    detail,
    "Name a time server that this machine can reach (UDP port 123).",
  );
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
