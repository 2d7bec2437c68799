/** One line of Squid's access log: a request that ended. */
export interface Access {
  /** Milliseconds since 1970. */
  time: number;
  client: string;
  /** `www.example.com:443`, as it was asked for. */
  target: string;
  /** The status that the client got. */
  status: number;
  /** `broken`: nothing that could be understood was asked for. */
  outcome: "allowed" | "refused" | "broken";
  /** The rule that refused it: manager, client, port, method, scheme, name, address, hello, sni. */
  rule: string;
}

/** Longer lines are none of ours: Squid cuts a URL at 8 KiB. */
const LONGEST = 64 * 1024;

/** A line of the log; undefined for anything else, also for a torn line. The format is in proxy/squidconf.ts. */
export function accessOf(line: string): Access | undefined {
  const value = parse(line);
  if (typeof value !== "object" || value === null) return undefined;
  if (!("time" in value && "client" in value && "url" in value && "rule" in value && "result" in value))
    return undefined;
  const { time, client, url, rule, result } = value;
  if (typeof time !== "number" || typeof client !== "string" || typeof url !== "string") return undefined;
  if (typeof rule !== "string" || typeof result !== "string") return undefined;
  const status = "status" in value && typeof value.status === "number" ? value.status : 0;
  return {
    time: time * 1000,
    client: printable(client),
    target: printable(url),
    status,
    outcome: outcomeOf(result, url, status),
    rule: printable(rule),
  };
}

/** The appliance's own checks go through the proxy too; they are nobody's traffic. */
export function isOwn({ client }: Pick<Access, "client">): boolean {
  return client === "::1" || client.startsWith("127.");
}

/** Why a request was refused, in words. The rules are those of proxy/rules.ts and proxy/hello.ts. */
export function reasonOf(rule: string): string {
  const reasons: Readonly<Record<string, string>> = {
    name: "not on the list",
    client: "not a client of this proxy",
    port: "port not allowed",
    method: "method not allowed",
    scheme: "only plain HTTP and tunnels",
    address: "leads to an inner address",
    manager: "the proxy's own pages are closed",
    full: "no room for another tunnel",
    hello: "does not begin with a TLS hello",
    sni: "a TLS hello for another name",
  };
  return reasons[rule] ?? (rule === "-" || rule === "" ? "refused" : `rule ${rule}`);
}

/** What became of a request, in words. */
export function outcomeText({ outcome, rule, status }: Access): string {
  if (outcome === "refused") return `refused: ${reasonOf(rule)}`;
  if (outcome === "broken") return "broken: not a request that can be understood";
  if (status >= 500) return `allowed, but the server was not reached (${status})`;
  return "allowed";
}

/** Squid names a request that it could not read `error:...` and answers 400 (or nothing) by itself. */
function outcomeOf(result: string, url: string, status: number): Access["outcome"] {
  if (result.includes("DENIED")) return "refused";
  const isUnread =
    url.startsWith("error:") || (result.startsWith("NONE") && (status === 400 || status === 0));
  return isUnread ? "broken" : "allowed";
}

function parse(line: string): unknown {
  if (line.length > LONGEST) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What a client sent is shown on a terminal: nothing but plain ASCII gets there. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 200);
}
