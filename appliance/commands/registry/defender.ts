import type { Command } from "../command.ts";
import { JSON_OPTION } from "./options.ts";

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
  {
    name: "endpoints",
    positionals: "[list | show NAME | test | explain HOST]",
    count: [0, 2],
    options: [JSON_OPTION],
    summary: "show, test and explain which names of the Defender cloud are open",
    details: [
      "list (also without a word): every name that the settings in force open, with its ports, what in the settings asks for it, and what it is for.",
      "show NAME: what the catalogue knows of a name: service, clouds, regions, Microsoft's own test of it, and the pages of Microsoft it was taken from.",
      "test: asks Microsoft's test addresses of every chosen service through the proxy, with a check of the certificate, and says of each service whether it is reached; at most 30 s. Exit code 4 when one is not.",
      "explain HOST: whether the proxy lets a host through, which entry decides it, and which setting would open it. A URL or host:443 is taken too, as it stands in a log.",
    ],
    examples: [
      "posternctl endpoints",
      "posternctl endpoints show .endpoint.security.microsoft.com",
      "posternctl endpoints test",
      "posternctl endpoints explain winatp-gw-weu.microsoft.com",
    ],
    root: true,
    load: () => import("../endpoints.ts"),
  },
];
