import type { Command } from "../command.ts";
import { JSON_OPTION } from "./options.ts";

/** What looks at the machine. */
export const STATE_COMMANDS: readonly Command[] = [
  {
    name: "status",
    positionals: "",
    count: [0, 0],
    options: [JSON_OPTION, { name: "watch", summary: "look again every two seconds until Ctrl-C" }],
    summary: "show addresses, clients, traffic, Defender's services, disk, clock and updates",
    details: [
      "Shows what the status screen shows, and starts nothing that takes time: whether Defender's services answer and how many updates wait is what the screen found out last, with its time where that is old.",
      "Requests are counted from the access log as they end, so a tunnel counts when it is closed. On a very busy machine one look reads the last 8 MiB of the log and says `at least`; --watch and the screen count the whole hour.",
      "With --watch --json one JSON value is printed on one line for each look.",
    ],
    examples: ["posternctl status", "posternctl status --json", "posternctl status --watch"],
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
    name: "logs",
    positionals: "",
    count: [0, 0],
    options: [
      { name: "denied", summary: "only requests that were refused" },
      { name: "follow", summary: "go on with what is added, also after the log was rotated, until Ctrl-C" },
      { name: "lines", argument: "N", summary: "the last N requests first; 50 without it, 0 for none" },
    ],
    summary: "show the requests of clients in words: when, who, which name, allowed or refused and why",
    details: [
      "Times are in the time zone of the settings. The appliance's own checks are left out. It reads the log of now and the one that was rotated last; older ones are compressed in /var/log/squid.",
    ],
    examples: [
      "posternctl logs",
      "posternctl logs --denied --lines 200",
      "posternctl logs --denied --follow",
    ],
    root: true,
    load: () => import("../logs.ts"),
  },
  {
    name: "support",
    positionals: "[FILE]",
    count: [0, 1],
    options: [],
    summary: "write a bundle for whoever looks for a fault, with secrets masked",
    details: [
      "Writes a .tar.gz that only root may read, by default in the folder you are in, and says what is in it: settings, the files made from them, status, checks, versions, warnings of the journal, the end of Squid's own log, packages, and the state of the network. A file that is there already is not replaced.",
      "Passwords, their hashes and private keys are masked in every text, and comments in the settings are left out. Addresses and names of your network are in it. The log of requests is not.",
    ],
    examples: ["posternctl support", "posternctl support /root/for-support.tar.gz"],
    root: true,
    load: () => import("../support.ts"),
  },
  {
    name: "version",
    positionals: "",
    count: [0, 0],
    options: [JSON_OPTION],
    summary: "print the version; with --json also the base, the runtime and the list of Defender's names",
    details: [],
    examples: ["posternctl version", "posternctl version --json"],
    root: false,
    load: () => import("../version.ts"),
  },
];
