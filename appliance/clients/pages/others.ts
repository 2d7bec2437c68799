import { type GuideFacts, type GuidePage, hostPort, proxyUrl } from "../page.ts";

/** https://learn.microsoft.com/en-us/defender-endpoint/linux-static-proxy-configuration */
export function linuxPage(facts: GuideFacts): GuidePage {
  return {
    id: "linux",
    title: "Defender for Endpoint on Linux",
    lines: [
      "After the installation:",
      `    sudo mdatp config proxy set --value ${proxyUrl(facts)}`,
      "    mdatp connectivity test",
      "",
      "Or managed, in /etc/opt/microsoft/mdatp/managed/mdatp_managed.json:",
      `    { "cloudService": { "proxy": "${proxyUrl(facts)}" } }`,
      "",
      "The installation itself downloads packages. Where they come through this proxy",
      "too (service linux-packages in its settings), for apt in one file, such as",
      "/etc/apt/apt.conf.d/95postern:",
      `    Acquire::https::Proxy { packages.microsoft.com`,
      `      "${proxyUrl(facts)}"; };`,
      "for dnf or yum in the section of Microsoft's repository:",
      `    proxy=${proxyUrl(facts)}`,
      "for Microsoft's installer script in the environment of root:",
      `    sudo env HTTPS_PROXY=${proxyUrl(facts)} \\`,
      "      ./mde_installer.sh --install",
      "",
      "- No PAC, no WPAD, no login, no inspection: mdatp knows static proxies only.",
      "- curl error 35 or 60 in the connectivity test: something inspects TLS.",
    ],
  };
}

/** https://learn.microsoft.com/en-us/defender-endpoint/microsoft-defender-endpoint-mac */
export function macPage(facts: GuideFacts): GuidePage {
  const { address, port } = facts;
  return {
    id: "macos",
    title: "Defender for Endpoint on macOS",
    lines: [
      "Defender uses the proxy of the system: System Settings > Network > the service",
      "> Details > Proxies, or your device management. In a terminal, for the service",
      "Ethernet:",
      `    sudo networksetup -setsecurewebproxy Ethernet ${address} ${port}`,
      `    sudo networksetup -setwebproxy Ethernet ${address} ${port}`,
      "    mdatp connectivity test",
      "",
      `- All else on that Mac goes to ${hostPort(facts)} as well, and is`,
      "  refused there. A PAC file that sends only Defender's names here is kinder.",
      "- No login, no inspection.",
    ],
  };
}
