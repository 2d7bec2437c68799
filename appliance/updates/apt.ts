import { HEADER } from "../rendered.ts";
import type { Proxy as ProxySettings, Updates } from "../settings/settings.ts";
import { opening, restartTime } from "./window.ts";

/** `//` begins a comment in apt.conf(5); `#` does not everywhere. */
const APT_HEADER = HEADER.replace("#", "//");

/**
 * What the settings say about updates (apt.conf(5), unattended-upgrades): read after the image's own file, which
 * lets in nothing but the security archive.
 *
 * A restart happens only in a window, at a fixed time in it. apt takes the way out that Squid takes; a mirror is
 * the settings' own machine and is asked directly.
 */
export function aptText({ mode, window, mirror }: Updates, { upstream }: ProxySettings): string {
  const isOn = mode === "security" ? "1" : "0";
  const restarts = mode === "security" && window !== undefined;
  return [
    `${APT_HEADER}APT::Periodic::Update-Package-Lists "${isOn}";`,
    `APT::Periodic::Unattended-Upgrade "${isOn}";`,
    `Unattended-Upgrade::Automatic-Reboot "${restarts}";`,
    ...(restarts ? [`Unattended-Upgrade::Automatic-Reboot-Time "${restartTime(window)}";`] : []),
    ...(upstream === undefined ? [] : proxyLines(upstream, mirror)),
    "",
  ].join("\n");
}

/**
 * A drop-in of apt-daily-upgrade.timer: the window's opening instead of every morning. A window that was missed
 * is not made up for, because that would be outside of it.
 */
export function upgradeTimer({ mode, window }: Updates): string | undefined {
  if (mode === "off" || window === undefined) return undefined;
  return `${HEADER}[Timer]\nOnCalendar=\nOnCalendar=${opening(window)}\nRandomizedDelaySec=5m\nPersistent=false\n`;
}

function proxyLines({ host, port }: { host: string; port: number }, mirror: string | undefined): string[] {
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const own = mirror === undefined ? [] : [new URL(mirror).hostname];
  return ["http", "https"].flatMap((scheme) => [
    `Acquire::${scheme}::Proxy "${url}";`,
    ...own.map((name) => `Acquire::${scheme}::Proxy::${name} "DIRECT";`),
  ]);
}
