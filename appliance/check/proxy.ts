import { PROXY_PORT, WATCH_PORT } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { until } from "../system/until.ts";
import { type Check, result, worldOf } from "./check.ts";
import { openTunnel } from "./cloud/tunnel.ts";

/** RFC 2606: never a real name, so never on the list. */
const DENIED_NAME = "postern.invalid";
const TITLE = "Proxy";

/** Squid runs, listens, and refuses a name that is not on the list with its own 403. */
export const proxyCheck: Check = async (context) => {
  const { system, settings, patience } = context;
  const { proxyPort } = worldOf(context);
  if (settings === undefined) return closedCheck(system);
  const isOpen = await until(() => isListening(system, proxyPort), Boolean, { timeout: patience });
  if (!isOpen) {
    const { stdout } = await system.run("systemctl", ["is-active", "squid.service"]);
    const next = "journalctl -u squid.service -b shows why.";
    return result("proxy", TITLE, "fail", `Squid is ${stdout.trim() || "unknown"} and does not listen`, next);
  }
  const status = await askTunnel(DENIED_NAME, refusingPort(settings, proxyPort));
  if (status === 403)
    return result("proxy", TITLE, "ok", `port ${proxyPort}, a name outside the list is refused`);
  if (status === 200) {
    return result(
      "proxy",
      TITLE,
      "fail",
      "a name outside the list was let through",
      "Stop it: systemctl stop squid",
    );
  }
  const next = "tail /var/log/squid/cache.log shows more.";
  return result("proxy", TITLE, "fail", status === 0 ? "does not answer" : `answers ${status}`, next);
};

/** Where TLS hellos are looked at, a refusal is no 403 on the port of the clients; the rules are the same. */
function refusingPort({ proxy }: Settings, proxyPort: number): number {
  return proxy.sniCheck ? WATCH_PORT : proxyPort;
}

async function closedCheck(system: System) {
  if (!(await isListening(system)))
    return result("proxy", TITLE, "ok", "closed until this machine is configured");
  return result(
    "proxy",
    TITLE,
    "fail",
    "listens although nothing is configured",
    "systemctl disable --now squid",
  );
}

/** Looks into the kernel's table, so that the proxy's log is not filled by its own checks. */
export async function isListening({ paths }: System, port = PROXY_PORT): Promise<boolean> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readIfThere(paths.at(path))),
  );
  return tables.some((table) => hasListener(table ?? "", port));
}

/** Whether a table of /proc/net/tcp or tcp6 has a socket in state LISTEN (0A) on a port. */
export function hasListener(table: string, port: number): boolean {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").some((line) => {
    const [, , local = "", , state] = line.split(/\s+/);
    return state === "0A" && local.endsWith(`:${hexPort}`);
  });
}

/** The status that the local proxy gives a CONNECT; 0 where there is none in 10 s. */
export async function askTunnel(name: string, port = PROXY_PORT): Promise<number> {
  const tunnel = await openTunnel(name, 443, { proxyPort: port, timeout: 10_000 });
  if (tunnel.kind === "open") tunnel.socket.destroy();
  if (tunnel.kind === "refused") return tunnel.status;
  return tunnel.kind === "open" ? 200 : 0;
}
