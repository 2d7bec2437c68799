import type { Cloud } from "../../settings/settings.ts";
import { type GuideFacts, type GuidePage, proxyUrl } from "../page.ts";

/** https://learn.microsoft.com/en-us/defender-for-identity/us-govt-gcc-high */
const SENSOR_SUFFIX = {
  commercial: "sensorapi.atp.azure.com",
  gcc: "sensorapi.gcc.atp.azure.com",
  "gcc-high": "sensorapi.atp.azure.us",
  dod: "sensorapi.atp.azure.us",
} as const satisfies Record<Cloud, string>;

const ROOT = {
  commercial: "DigiCert Global Root G2",
  gcc: "DigiCert Global Root G2",
  "gcc-high": "DigiCert Global Root CA",
  dod: "DigiCert Global Root CA",
} as const satisfies Record<Cloud, string>;

/** https://learn.microsoft.com/en-us/defender-for-identity/deploy/configure-proxy */
export function identityPage(facts: GuideFacts): GuidePage {
  return {
    id: "identity",
    title: "Defender for Identity sensor",
    lines: [
      ...workspaceLines(facts),
      "",
      "Sensor v2, while it is installed (command prompt, one command):",
      '    "Azure ATP sensor Setup.exe" /quiet ^',
      '      NetFrameworkCommandLineArguments="/q" ^',
      `      AccessKey="YOUR KEY" ProxyUrl="${proxyUrl(facts)}"`,
      "Sensor v2, later, in PowerShell with the module DefenderForIdentity:",
      `    Set-MDISensorProxyConfiguration -ProxyUrl '${proxyUrl(facts)}'`,
      "    Get-MDISensorProxyConfiguration",
      "    Clear-MDISensorProxyConfiguration",
      "or without the module, in the folder of the version below",
      "  C:\\Program Files\\Azure Advanced Threat Protection Sensor",
      "    Microsoft.Tri.Sensor.Deployment.Deployer.exe ^",
      `      ProxyUrl="${proxyUrl(facts)}"`,
      "",
      "Sensor v3 is part of Defender for Endpoint: its proxy is the one of sensor.",
      "",
      "- WinHTTP alone is not enough for v2. A v2 sensor that was set up the old way",
      "  (WinINet, registry) has to be changed that way again.",
      "- 'Failed to register due to licensing issues', or LicenseInvalid: so says the",
      "  installer when a proxy answers 401 or 403. Not the licence: the workspace",
      "  is not in the settings here, or the machine is not among the clients;",
      "  posternctl status on this machine shows the last refused requests.",
      `- The server has to trust the root ${ROOT[facts.cloud]}.`,
      "- TLS is mutual: nothing on the way may inspect it.",
    ],
  };
}

function workspaceLines({ cloud, workspaces }: GuideFacts): string[] {
  if (workspaces.length === 0) {
    return [
      "No workspace is in the settings, so no name is open for sensor v2. Add it by",
      "posternctl setup; the portal shows it under Settings > Identities > About.",
    ];
  }
  return [
    "Names that are open for sensor v2:",
    ...workspaces.map((name) => `  ${name}${SENSOR_SUFFIX[cloud]}`),
  ];
}
