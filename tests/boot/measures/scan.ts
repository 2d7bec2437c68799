import { parseOpenPorts, scannedPorts } from "./ports.ts";
import { runTool, type Tools } from "./tools.ts";

/** One look at the machine from one address. */
export interface Scan {
  from: string;
  open: readonly string[];
  scanned: number;
  command: string;
}

/** Where the machine is, and the card that leads to it. */
export interface Aim {
  host: string;
  card: string;
}

// Two tries for each port: what a busy emulator dropped once is asked again.
const COMMON = ["nmap", "-n", "-Pn", "-v", "--max-retries", "1", "-oG", "-"];

/** Every TCP port from one address, by SYN. */
export function scanTcp(tools: Tools, aim: Aim, from: string): Promise<Scan> {
  return scan(tools, aim, from, ["-sS", "-p-", "--min-rate", "3000"]);
}

/** The 200 UDP ports that are most often open: only one that answers counts, silence says nothing. */
export function scanUdp(tools: Tools, aim: Aim, from: string): Promise<Scan> {
  return scan(tools, aim, from, ["-sU", "--top-ports", "200", "--min-rate", "200"]);
}

async function scan(tools: Tools, { host, card }: Aim, from: string, how: readonly string[]): Promise<Scan> {
  const command = [...COMMON, ...how, "-S", from, "-e", card, host];
  const text = await runTool(tools, command);
  return { from, open: parseOpenPorts(text), scanned: scannedPorts(text), command: command.join(" ") };
}
