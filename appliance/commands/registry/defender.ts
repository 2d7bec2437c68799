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
    positionals: "[list | show NAME | test | explain HOST | update FILE]",
    count: [0, 2],
    options: [
      JSON_OPTION,
      { name: "dry-run", summary: "of update: say what would change and check it; change nothing" },
      { name: "force", summary: "of update: take a catalogue that is not newer than the one in use" },
      { name: "yes", summary: "of update: do not ask" },
    ],
    summary: "show, test, explain and update which names of the Defender cloud are open",
    details: [
      "list (also without a word): every name that the settings in force open, with its ports, what in the settings asks for it, and what it is for.",
      "show NAME: what the catalogue knows of a name: service, clouds, regions, Microsoft's own test of it, and the pages of Microsoft it was taken from.",
      "test: asks Microsoft's test addresses of every chosen service through the proxy, with a check of the certificate, and says of each service whether it is reached; at most 30 s. Exit code 4 when one is not.",
      "update FILE: puts another catalogue in the place of the one in use. FILE.sig beside it has to be a signature by a key that came with the image or stands in the settings (defender.catalogueKeys). It says which entries differ and which names are opened and closed here, and asks. Squid reads its lists again, and no tunnel is cut. posternctl rollback goes back.",
      "explain HOST: whether the proxy lets a host through, which entry decides it, and which setting would open it. A URL or host:443 is taken too, as it stands in a log.",
    ],
    examples: [
      "posternctl endpoints",
      "posternctl endpoints show .endpoint.security.microsoft.com",
      "posternctl endpoints test",
      "posternctl endpoints explain winatp-gw-weu.microsoft.com",
      "posternctl endpoints update catalogue.json --dry-run",
    ],
    root: true,
    load: () => import("../endpoints.ts"),
  },
];
