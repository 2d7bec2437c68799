import type { Tunnels } from "../endpoints/select.ts";
import type { Proxy as ProxySettings } from "../settings/settings.ts";
import { innerLines } from "./inner.ts";

export interface RuleFacts {
  /** Folder of the list files. */
  lists: string;
  proxy: ProxySettings;
  /** Ports other than 443 that some names may be reached on. */
  tunnels: readonly Tunnels[];
  /** Whether there is a list of regular expressions beside the list of names for 443. */
  hasRegex?: boolean;
  /** squid.conf's line that makes the class `room`, which asks whether there is any. */
  room: string;
}

/*
 * The order is the point. Ports come before names, so that an allowed name is no way to another port.
 * Names come before addresses, so that a refused name costs no look-up. -n keeps Squid from asking reverse
 * DNS about an address and believing the answer; with it an address never matches a name.
 * The note says in the log which rule refused a request.
 * The machine itself may use the proxy too, for its own checks, under the very rules of a client: only root and
 * the administrator can call from there, and they reach the Defender cloud and nothing else by it.
 */

/** Names of the rules, as they stand in the log and on the page that a refused client gets. */
export const RULES = ["manager", "client", "port", "method", "scheme", "name", "address", "full"] as const;

/** What may pass: squid.conf's access rules. */
export function accessRules({ lists, proxy, tunnels, hasRegex = false, room }: RuleFacts): string {
  const ports = ["SSL_ports", ...tunnels.map(({ port }) => `port_${port}`)];
  return [
    `acl clients src "${lists}/clients.txt"`,
    `acl allowed_tls dstdomain -n "${lists}/allowed-tls.txt"`,
    ...(hasRegex ? [`acl allowed_tls_regex dstdom_regex -n -i "${lists}/allowed-tls-regex.txt"`] : []),
    `acl allowed_web dstdomain -n "${lists}/allowed-web.txt"`,
    "acl SSL_ports port 443",
    "acl Safe_ports port 80",
    ...tunnels.flatMap(tunnelAcls),
    "acl http_scheme proto HTTP",
    "acl reading method GET HEAD",
    ...addressAcls(proxy),
    room,
    "acl has_room external room",
    ...RULES.map((rule) => `acl note_${rule} annotate_transaction rule=${rule}`),
    // The page of a refusal is that of the last condition of its line.
    ...RULES.map((rule) => `deny_info ERR_POSTERN_${rule.toUpperCase()} note_${rule}`),
    "http_access deny manager note_manager",
    "http_access deny !clients !localhost note_client",
    `http_access deny CONNECT ${ports.map((port) => `!${port}`).join(" ")} note_port`,
    "http_access deny !CONNECT !reading note_method",
    "http_access deny !CONNECT !http_scheme note_scheme",
    "http_access deny !CONNECT !Safe_ports note_port",
    `http_access deny CONNECT SSL_ports !allowed_tls${hasRegex ? " !allowed_tls_regex" : ""} note_name`,
    ...tunnels.map(({ port }) => `http_access deny CONNECT port_${port} !allowed_${port} note_name`),
    "http_access deny !CONNECT !allowed_web note_name",
    ...addressRules(proxy),
    // Last: only what would open a tunnel or fetch something is worth the question.
    "http_access deny !has_room note_full",
    "http_access allow clients",
    "http_access allow localhost",
    "http_access deny all",
    "",
  ].join("\n");
}

/**
 * The way out: directly, or through another proxy and then never around it.
 *
 * @see https://www.squid-cache.org/Doc/config/cache_peer/ and never_direct
 */
export function wayOut({ upstream, privateDestinations }: ProxySettings): string {
  if (upstream === undefined) return "";
  const { host, port } = upstream;
  return [
    `cache_peer ${host} parent ${port} 0 no-query no-digest default connect-timeout=10`,
    // A private address means nothing to a proxy outside.
    ...(privateDestinations.length > 0 ? ["always_direct allow private_link"] : []),
    "never_direct allow all",
    "",
  ].join("\n");
}

function tunnelAcls({ port, names }: Tunnels): string[] {
  return [
    `acl port_${port} port ${port}`,
    ...names.map((name) => `acl allowed_${port} dstdomain -n ${name}`),
  ];
}

/*
 * Behind another proxy it is that one which turns names into addresses. A look-up here would say nothing about
 * where a request ends, and would make each wait for a DNS server that may know no outer name. So only private
 * destinations are looked up, since they are reached from here: all of a name's addresses must be good ones.
 */

function addressAcls({ upstream, privateDestinations }: ProxySettings): string[] {
  if (upstream !== undefined && privateDestinations.length === 0) return [];
  return [
    ...innerLines(privateDestinations).map((networks) => `acl inner dst ${networks}`),
    ...(upstream === undefined
      ? []
      : privateDestinations.map((network) => `acl private_link dst ${network}`)),
  ];
}

function addressRules({ upstream, privateDestinations }: ProxySettings): string[] {
  if (upstream === undefined)
    return ["http_access deny to_localhost note_address", "http_access deny inner note_address"];
  return privateDestinations.length === 0 ? [] : ["http_access deny private_link inner note_address"];
}
