import { clientGuide } from "../../appliance/clients/guide.ts";
import { PROXY_PORT } from "../../appliance/paths.ts";
import { GENERATED } from "./markdown.ts";

const EXAMPLE = {
  address: "10.20.0.5",
  port: PROXY_PORT,
  cloud: "commercial",
  workspaces: ["contoso-corp"],
} as const;

/** docs/clients.md: the guide of `posternctl clients`, for an example proxy. */
export function clientsPage(): string {
  return [
    GENERATED,
    "# The clients",
    "",
    "What to set on the machines that use the proxy. `posternctl clients` prints this page for the address, the",
    `cloud and the workspaces of your own appliance; here it is for a proxy at \`${EXAMPLE.address}\` with the workspace`,
    `\`${EXAMPLE.workspaces[0]}\`. \`posternctl clients --format powershell\` writes \`Set-PosternProxy.ps1\`, which sets,`,
    "tests and removes it all on one machine; `--format reg` a registry file; `--format json` the values for other",
    "programs. `--address` takes a name or another address than the machine has.",
    "",
    ...clientGuide(EXAMPLE).flatMap(({ id, title, lines }) => [
      `## ${title}`,
      "",
      `\`posternctl clients ${id}\``,
      "",
      "```text",
      ...lines,
      "```",
      "",
    ]),
  ].join("\n");
}
