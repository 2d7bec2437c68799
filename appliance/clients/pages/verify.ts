import { type ClientTest, type GuideFacts, type GuidePage, hostPort, proxyUrl } from "../page.ts";

export function verifyPage(facts: GuideFacts, tests: readonly ClientTest[]): GuidePage {
  return {
    id: "verify",
    title: "Looking whether it works",
    lines: [
      "On Windows with the PowerShell file (see overview):",
      "    .\\Set-PosternProxy.ps1 -TestOnly",
      "On Linux and macOS with curl, which prints the status of the answer:",
      ...tests.flatMap((test) => curlLines(facts, test)),
      "Microsoft's own: MDEClientAnalyzer.cmd (https://aka.ms/mdeanalyzer), where one",
      "Succeeded (200) for each URL is enough; MpCmdRun.exe -ValidateMapsConnection;",
      "on Linux and macOS: mdatp connectivity test.",
      "",
      "What an answer means:",
      `- nothing at all: the way to ${hostPort(facts)} is closed, or this`,
      "  client's network is not in the settings (the firewall drops its packets)",
      "- 403 of the proxy: the name is not on its list",
      "- 407: another proxy, this one never asks for a login",
      "- 502, 503, 504 of the proxy: it does not reach the name; posternctl check",
      "- 400 or 404 of the service where that is the good one: all is well",
      "- a certificate of your own company: something inspects TLS on the way",
    ],
  };
}

function curlLines(facts: GuideFacts, { host, path, expected }: ClientTest): string[] {
  const awaited = expected === undefined ? "any status of the service is good" : `${expected} is good`;
  return [
    `    curl -sS -o /dev/null -w "%{http_code}\\n" -x ${proxyUrl(facts)} \\`,
    `      https://${host}${path}`,
    `  ${awaited}`,
  ];
}
