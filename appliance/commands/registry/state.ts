import type { Command } from "../command.ts";
import { JSON_OPTION } from "./options.ts";

/** What looks at the machine. */
export const STATE_COMMANDS: readonly Command[] = [
  {
    name: "status",
    positionals: "",
    count: [0, 0],
    options: [JSON_OPTION],
    summary: "show addresses, clients, the proxy and the last refused requests",
    details: [],
    examples: ["posternctl status", "posternctl status --json"],
    root: true,
    load: () => import("../status.ts"),
  },
  {
    name: "check",
    positionals: "",
    count: [0, 0],
    options: [JSON_OPTION],
    summary: "look whether everything works; exit code 1 when something fails",
    details: [
      "Looks from the near end to the far one: link, address, whether another machine has it too, gateway, each DNS server, clock, firewall, proxy, and a TLS handshake with a Defender host through the proxy. What fails says why and what to do; what stands behind it is skipped. endpoints test asks every Defender service.",
    ],
    examples: ["posternctl check", "posternctl check --json"],
    root: true,
    load: () => import("../check.ts"),
  },
  {
    name: "version",
    positionals: "",
    count: [0, 0],
    options: [],
    summary: "print the version",
    details: [],
    examples: ["posternctl version"],
    root: false,
    load: () => import("../version.ts"),
  },
];
