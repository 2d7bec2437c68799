import { type GuideFacts, type GuidePage, hostPort, proxyUrl } from "../page.ts";

export function overviewPage(facts: GuideFacts): GuidePage {
  return {
    id: "overview",
    title: "What the clients of this proxy need",
    lines: [
      `The proxy is ${hostPort(facts)}`,
      `Written as a URL it is ${proxyUrl(facts)}`,
      "Never https://: clients speak plain HTTP to the proxy, and TLS through it.",
      "",
      "Windows has three settings that do not know of each other. Set all three:",
      "  sensor     Defender for Endpoint sensor (EDR)    Group Policy or registry",
      "  antivirus  Defender Antivirus, cloud protection  Group Policy or registry",
      "  winhttp    Windows: revocation lists, updates    netsh",
      "Others have one each:",
      "  identity   Defender for Identity sensor v2, on domain controllers",
      "  linux      mdatp",
      "  macos      the system's own proxy setting",
      "Then look whether it works: verify.",
      "",
      "A PowerShell file sets, tests and removes the values on one machine:",
      "    posternctl clients --format powershell > Set-PosternProxy.ps1",
      "There, where scripts are not allowed by themselves:",
      "    powershell -ExecutionPolicy Bypass -File .\\Set-PosternProxy.ps1 -WhatIf",
      "A registry file only sets them:",
      "    posternctl clients --format reg > postern-proxy.reg",
      "",
      "What does not work, with any proxy:",
      "- TLS inspection on the way. Certificates are pinned or mutual; trusting the",
      "  inspecting authority does not help.",
      "- A proxy that asks for a login. The device connects, not a user. This proxy",
      "  knows clients by their address alone.",
      "- A PAC file for the sensor: it takes host and port. Antivirus and macOS can",
      "  take one, Linux cannot.",
      "- IPv6 only. IPv4 is needed all the way.",
    ],
  };
}
