import { type GuideFacts, type GuidePage, hostPort, proxyUrl } from "../page.ts";
import { type RegistryValue, registryValues } from "../registry.ts";

/** Sources: https://learn.microsoft.com/en-us/defender-endpoint/configure-proxy-internet */

const TEMPLATES = "Computer Configuration > Administrative Templates > Windows Components";

export function sensorPage(facts: GuideFacts): GuidePage {
  return {
    id: "sensor",
    title: "Defender for Endpoint sensor on Windows",
    lines: [
      "Group Policy, both of them, under",
      `  ${TEMPLATES}`,
      "  > Data Collection and Preview Builds",
      "  1. Configure Authenticated Proxy usage for the Connected User Experience and",
      "     Telemetry service",
      "     Enabled, option: Disable Authenticated Proxy usage",
      "  2. Configure connected user experiences and telemetry",
      "     Enabled, proxy server name:",
      `    ${hostPort(facts)}`,
      "",
      "Or in the registry, where these policies write too:",
      ...valueLines(registryValues(facts).filter(({ name }) => name !== "ProxyServer")),
      "",
      "- Host and port only: no http://, no spaces.",
      "- By Group Policy or these registry keys, not by MDM.",
      "- PreferStaticProxyForHttpRequest is for machines without a WinHTTP proxy. No",
      "  policy writes it; it needs MsSense.exe 10.8210 or 10.8049 or newer.",
      "- When the proxy does not answer, the sensor tries to connect directly. Keep",
      "  the firewall to the internet closed. A dead proxy may go unnoticed: watch",
      "  the device's last contact in the portal.",
      "- A Log Analytics (OMS) gateway cannot stand in for this value.",
    ],
  };
}

export function antivirusPage(facts: GuideFacts): GuidePage {
  return {
    id: "antivirus",
    title: "Defender Antivirus on Windows",
    lines: [
      "Group Policy, under",
      `  ${TEMPLATES}`,
      "  > Microsoft Defender Antivirus",
      "  Define proxy server for connecting to the network",
      "  Enabled, value:",
      `    ${proxyUrl(facts)}`,
      "",
      "Or PowerShell, as administrator:",
      `    Set-MpPreference -ProxyServer ${proxyUrl(facts)}`,
      "",
      "Or the registry value that the policy writes:",
      ...valueLines(registryValues(facts).filter(({ name }) => name === "ProxyServer")),
      "",
      "- Here http:// belongs in front.",
      "- Antivirus does not use it for downloads from Microsoft Update: those go by",
      "  WinHTTP, or come from your WSUS, Configuration Manager or file share.",
      "- Revocation lists are fetched by Windows and not by Defender. Without winhttp",
      "  cloud protection can fail although every name is reached.",
    ],
  };
}

export function winhttpPage(facts: GuideFacts): GuidePage {
  return {
    id: "winhttp",
    title: "WinHTTP: the proxy of Windows itself",
    lines: [
      "In a command prompt, as administrator. Put your own domain into the list of",
      "names that are reached directly:",
      `    netsh winhttp set proxy ${hostPort(facts)} "<local>;*.corp.example"`,
      "To look, and to take it back:",
      "    netsh winhttp show proxy",
      "    netsh winhttp reset proxy",
      "",
      "- Every service that uses WinHTTP's default goes this way from then on:",
      "  Windows Update, WinRM clients, Configuration Manager, many agents. The proxy",
      "  refuses what is not Defender: names inside your network belong in the list.",
      "- It lets Windows fetch revocation lists (port 80), which TLS to the Defender",
      "  cloud depends on.",
      "- Browsers do not use it.",
    ],
  };
}

/** Keys and values as the registry editor shows them. */
function valueLines(values: readonly RegistryValue[]): string[] {
  let last = "";
  return values.flatMap(({ key, name, type, value }) => {
    const isNew = key !== last;
    last = key;
    const kind = type === "String" ? "REG_SZ" : "REG_DWORD";
    return [...(isNew ? [`    HKLM\\${key}`] : []), `      ${name}  ${kind}  ${value}`];
  });
}
