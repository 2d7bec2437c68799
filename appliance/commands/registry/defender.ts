import type { Command } from "../command.ts";

/** What is about the Defender cloud and its clients. */
export const DEFENDER_COMMANDS: readonly Command[] = [
  {
    name: "clients",
    positionals: "[TOPIC]",
    count: [0, 1],
    options: [
      {
        name: "format",
        argument: "FORMAT",
        summary:
          "text to read; powershell or reg, a file for Windows on standard output; json for other programs",
      },
      {
        name: "address",
        argument: "ADDRESS",
        summary: "address or name that clients use, instead of the IPv4 address that this machine has now",
      },
    ],
    summary: "show what to set on the clients of this proxy",
    details: [
      "Everything is made for the address of this machine, the cloud and the workspaces in its settings. Without TOPIC all topics are shown: overview, sensor, antivirus, winhttp, identity, linux, macos, verify.",
      "The PowerShell file sets the registry values of sensor and antivirus, tests the way to the Defender cloud, and takes the values back with -Remove. With -WhatIf it only says what it would do.",
    ],
    examples: [
      "posternctl clients",
      "posternctl clients identity",
      "posternctl clients --format powershell > Set-PosternProxy.ps1",
      "posternctl clients --address proxy.corp.example --format reg > postern-proxy.reg",
    ],
    root: true,
    load: () => import("../clients.ts"),
  },
];
