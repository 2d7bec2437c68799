import { Resolver } from "node:dns/promises";
import { isIPv6 } from "node:net";

/** What a DNS server said to a question for an IPv4 address. */
export type Answer =
  | { kind: "address"; address: string }
  /** It knows no such name, or no address of it. */
  | { kind: "unknown" }
  /** It cannot find out: its own way out is closed. */
  | { kind: "unable" }
  /** It does not want to answer this machine. */
  | { kind: "unwilling" }
  /** Nothing listens there. */
  | { kind: "closed" }
  | { kind: "silent" };

const KINDS: Record<string, Exclude<Answer["kind"], "address">> = {
  ENOTFOUND: "unknown",
  ENODATA: "unknown",
  ESERVFAIL: "unable",
  EREFUSED: "unwilling",
  ECONNREFUSED: "closed",
};

/** Asks one server, twice when it is silent; an answer comes in at most 5 s. */
export async function askServer(server: string, port: number, name: string): Promise<Answer> {
  const resolver = new Resolver({ timeout: 1500, tries: 2 });
  try {
    resolver.setServers([isIPv6(server) ? `[${server}]:${port}` : `${server}:${port}`]);
    const [address] = await resolver.resolve4(name);
    return address === undefined ? { kind: "unknown" } : { kind: "address", address };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return { kind: KINDS[code] ?? "silent" };
  }
}

/** An answer in words that follow the server's address, and the next step. */
export function answerOf(answer: Answer, name: string): { detail: string; next: string } {
  switch (answer.kind) {
    case "address":
      return { detail: `says that ${name} is ${answer.address}`, next: "" };
    case "unknown":
      return {
        detail: `answers, but does not know ${name}`,
        next: "Let that DNS server resolve Microsoft's names: a filter or a missing forwarder is in the way.",
      };
    case "unable":
      return {
        detail: `answers, but cannot find ${name} (SERVFAIL)`,
        next: "Does that DNS server reach the internet? Look at its forwarders.",
      };
    case "unwilling":
      return {
        detail: "refuses to answer this machine",
        next: "Allow this machine's address on that DNS server.",
      };
    case "closed":
      return { detail: "does not run a DNS service (port 53 is closed)", next: "Is the address right?" };
    case "silent":
      return {
        detail: "does not answer",
        next: "Is the address right, and is UDP port 53 open from this machine to it?",
      };
  }
}
