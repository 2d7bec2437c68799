import { type GuideFacts, hostPort, proxyUrl } from "./page.ts";

/** A value below HKEY_LOCAL_MACHINE. */
export interface RegistryValue {
  key: string;
  name: string;
  type: "String" | "DWord";
  value: string | number;
  /** Why it is set, one line. */
  why: string;
}

const POLICIES = "SOFTWARE\\Policies\\Microsoft";

/**
 * The values that Group Policy writes too.
 * https://learn.microsoft.com/en-us/defender-endpoint/configure-proxy-internet
 */
export function registryValues(facts: GuideFacts): RegistryValue[] {
  return [
    {
      key: `${POLICIES}\\Windows\\DataCollection`,
      name: "TelemetryProxyServer",
      type: "String",
      value: hostPort(facts),
      why: "the Defender for Endpoint sensor: host and port, no scheme, no spaces",
    },
    {
      key: `${POLICIES}\\Windows\\DataCollection`,
      name: "DisableEnterpriseAuthProxy",
      type: "DWord",
      value: 1,
      why: "belongs to it: the sensor must not wait for a proxy that asks for a login",
    },
    {
      key: `${POLICIES}\\Windows Advanced Threat Protection`,
      name: "PreferStaticProxyForHttpRequest",
      type: "DWord",
      value: 1,
      why: "the sensor fetches revocation lists through its own proxy as well",
    },
    {
      key: `${POLICIES}\\Windows Defender`,
      name: "ProxyServer",
      type: "String",
      value: proxyUrl(facts),
      why: "Defender Antivirus: with http:// in front",
    },
  ];
}

/** A .reg file that sets them, for `reg import` or a double click. */
export function registryText(facts: GuideFacts): string {
  const lines = [
    "Windows Registry Editor Version 5.00",
    "",
    `; Microsoft Defender through the proxy ${hostPort(facts)}.`,
    "; Group Policy that sets the same values wins over this file.",
  ];
  let key = "";
  for (const value of registryValues(facts)) {
    if (value.key !== key) lines.push("", `[HKEY_LOCAL_MACHINE\\${value.key}]`);
    key = value.key;
    lines.push(`; ${value.why}`, `${quoted(value.name)}=${dataText(value.value)}`);
  }
  return `${lines.join("\n")}\n`;
}

function dataText(value: string | number): string {
  return typeof value === "string" ? quoted(value) : `dword:${value.toString(16).padStart(8, "0")}`;
}

/** https://support.microsoft.com/topic/9c7f37cf-a5e9-e1cd-c4fa-2a26218a1a23: backslashes and quotes are doubled up. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}
