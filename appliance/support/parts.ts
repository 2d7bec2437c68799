import type { System } from "../system/system.ts";

/** One file of a support bundle. */
export interface Part {
  name: string;
  /** What it is, for the one who decides whether to hand it on. */
  about: string;
  make(): Promise<string>;
}

/** Milliseconds for one command. */
const TIMEOUT = 20_000;

type Look = readonly [command: string, ...args: string[]];

const NETWORK: readonly Look[] = [
  ["ip", "-statistics", "address"],
  ["ip", "route"],
  ["ip", "-6", "route"],
  ["ip", "neighbour"],
  ["ip", "rule"],
  ["resolvectl", "status", "--no-pager"],
  ["ss", "--summary"],
  ["ss", "--listening", "--tcp", "--udp", "--numeric"],
  ["ufw", "status", "verbose"],
];

const SYSTEM: readonly Look[] = [
  ["uname", "-a"],
  ["squid", "-v"],
  ["uptime"],
  ["free", "--mebi"],
  ["df", "--human-readable"],
  ["systemctl", "--failed", "--no-pager", "--plain"],
  ["systemctl", "status", "squid.service", "--no-pager", "--lines=20"],
  ["systemd-detect-virt"],
];

const CLOCK: readonly Look[] = [
  ["chronyc", "-n", "tracking"],
  ["chronyc", "-n", "sources"],
];

const JOURNAL: Look = [
  "journalctl",
  "--boot",
  "--priority=warning",
  "--lines=3000",
  "--no-pager",
  "--output=short-iso",
];

/** What programs of the system say about it. */
export function commandParts(system: System): Part[] {
  const of = (name: string, about: string, looks: readonly Look[]): Part => ({
    name,
    about,
    make: async () => (await Promise.all(looks.map((one) => said(system, one)))).join("\n"),
  });
  return [
    of("system.txt", "kernel, Squid's version, memory, disks, failed services", SYSTEM),
    of("network.txt", "addresses, routes, neighbours, DNS, listening ports, firewall", NETWORK),
    of("clock.txt", "chrony: sources and state", [...CLOCK]),
    of("journal.txt", "warnings and errors of the journal since the last start", [JOURNAL]),
    of("packages.txt", "installed packages with their versions", [["dpkg-query", "--show"]]),
  ];
}

/** A command and all that it said; that it failed is worth knowing too. */
async function said(system: System, [command, ...args]: Look): Promise<string> {
  const head = `$ ${[command, ...args].join(" ")}`;
  try {
    const { code, stdout, stderr } = await system.run(command, args, { timeout: TIMEOUT });
    const end = code === 0 ? "" : `(exit code ${code})\n`;
    return `${head}\n${stdout}${stderr}${end}`;
  } catch (error) {
    return `${head}\n(${error instanceof Error ? error.message : String(error)})\n`;
  }
}
