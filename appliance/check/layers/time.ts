import { stat } from "node:fs/promises";
import { type Check, result } from "../check.ts";

const TITLE = "Clock";
const SERVERS = "Name a time server that this machine can reach (UDP port 123): posternctl setup, part time.";
/** Milliseconds. Kerberos and certificates bear minutes; logs are hard to compare long before. */
const FAR = 5000;

/**
 * A clock from before the image was made makes every certificate look false. Apart from that it matters for
 * logs and updates, and chrony sets it right by itself.
 */
export const clockCheck: Check = async ({ system }) => {
  const built = await stat(system.paths.release).catch(() => undefined);
  if (built !== undefined && Date.now() < built.mtimeMs) {
    const [now, then] = [new Date(), built.mtime].map((time) => time.toISOString().slice(0, 16));
    const detail = `it is ${now} UTC here, before this image was made (${then})`;
    const next = `Set the hypervisor's or the server's clock. ${SERVERS}`;
    return result("clock", TITLE, "fail", detail, next);
  }
  const { code, stdout } = await system.run("chronyc", ["-c", "tracking"]);
  if (code !== 0) {
    const next = "systemctl status chrony shows why.";
    return result("clock", TITLE, "warn", "chrony, which sets it, does not answer", next);
  }
  const offset = offsetOf(stdout);
  if (offset === undefined) return result("clock", TITLE, "warn", "not synchronised yet", SERVERS);
  const detail = `synchronised (${offset.toFixed(1)} ms)`;
  if (offset < FAR) return result("clock", TITLE, "ok", detail);
  const next = "It is being set right slowly; chronyc makestep does it at once.";
  return result("clock", TITLE, "warn", detail, next);
};

/** chronyc(1), -c: field 5 is the offset in seconds, the last one the leap status. Undefined: not synchronised. */
export function offsetOf(line: string): number | undefined {
  const fields = line.trim().split(",");
  const seconds = Number(fields[4] ?? Number.NaN);
  if (fields.at(-1) === "Not synchronised" || !Number.isFinite(seconds)) return undefined;
  return Math.abs(seconds * 1000);
}
