import type { Tunnels } from "../endpoints/select.ts";
import { PEEK_KEY, SQUID_LISTS, SQUID_PAGES, SQUID_ROOM, WATCH_PORT } from "../paths.ts";
import { HEADER } from "../rendered.ts";
import type { Proxy as ProxySettings } from "../settings/settings.ts";
import { helloRules, httpPort } from "./hello.ts";
import { roomLine } from "./room.ts";
import { accessRules, wayOut } from "./rules.ts";

/** What differs between machines; everything else in the file is fixed. */
export interface SquidFacts {
  hostname: string;
  /** Virtual CPUs of the machine. */
  vcpus: number;
  proxy: ProxySettings;
  /** Ports other than 443 that some names may be reached on. */
  tunnels: readonly Tunnels[];
  /** Names that a tunnel to port 443 may reach. */
  names: readonly string[];
  /** Regular expressions of further such names. */
  patterns?: readonly string[];
  /** Folder of the list files; another one while a change is checked. */
  lists?: string;
  /** Certificate without which Squid looks at no TLS hello. */
  peekKey?: string;
  /** Folder of the pages that clients get instead of what they asked for. */
  pages?: string;
  /** Program that says whether a worker has room for one more tunnel. */
  room?: string;
}

/**
 * Each worker has a core and a descriptor table of its own. Up to four were measured; one more process
 * coordinates them.
 */
export const MOST_WORKERS = 4;

/** Equal to LimitNOFILE of the unit; sizing.ts says how many tunnels of a worker that is. */
export const DESCRIPTORS = 65536;

export function workerCount(vcpus: number): number {
  return Math.max(1, Math.min(MOST_WORKERS, Math.floor(vcpus)));
}

/**
 * squid.conf for Squid 5.7 to 7: an allow list of names, tunnels to 443 and GET on 80, and nothing else but the
 * ports that the settings name for some names.
 */
export function squidConf(facts: SquidFacts): string {
  const { hostname, vcpus, lists = SQUID_LISTS, peekKey = PEEK_KEY, pages = SQUID_PAGES } = facts;
  const room = roomLine(facts.room ?? SQUID_ROOM, DESCRIPTORS);
  const { proxy, tunnels, patterns = [] } = facts;
  return `${HEADER}${httpPort(proxy.sniCheck ? peekKey : undefined)}workers ${workerCount(vcpus)}
max_filedescriptors ${DESCRIPTORS}
pid_filename /run/squid/squid.pid
visible_hostname ${hostname}
error_directory ${pages}

${watchPorts(workerCount(vcpus))}
${accessRules({ lists, proxy, tunnels, room, hasRegex: patterns.length > 0 })}
${helloRules({ isOn: proxy.sniCheck, names: tunnelNames(facts), patterns })}${wayOut(proxy)}${LIMITS}
${NAMES}
${PRIVACY}
${logs(proxy.sniCheck)}`;
}

/**
 * A port on loopback for each worker, where the image's proxy-watch asks whether it is stuck. The port that clients
 * use is no place for that: another worker may take the question. The rules are the same.
 */
function watchPorts(workers: number): string {
  const ports = Array.from({ length: workers }, (_, index) =>
    [
      `if \${process_number} = ${index + 1}`,
      `http_port 127.0.0.1:${WATCH_PORT + index} name=watch`,
      "endif",
    ].join("\n"),
  );
  return `${ports.join("\n")}\nacl watching myportname watch\n`;
}

function tunnelNames({ names, tunnels }: SquidFacts): string[] {
  return [...new Set([...names, ...tunnels.flatMap((tunnel) => tunnel.names)])];
}

/* read_timeout is the idle time of a tunnel; agents poll at long intervals. The rest fails early. */
const LIMITS = `client_lifetime 12 hours
read_timeout 15 minutes
write_timeout 2 minutes
request_start_timeout 30 seconds
request_timeout 30 seconds
client_idle_pconn_timeout 60 seconds
pconn_timeout 30 seconds
connect_timeout 10 seconds
forward_timeout 30 seconds
forward_max_tries 5
shutdown_lifetime 5 seconds
request_header_max_size 16 KB
relaxed_header_parser off
uri_whitespace deny
reply_header_max_size 32 KB
`;

/* Questions go to the local resolver alone, from loopback: no UDP socket faces the network. */
const NAMES = `dns_nameservers 127.0.0.53
udp_outgoing_address 127.0.0.1
positive_dns_ttl 1 hour
negative_dns_ttl 30 seconds
ipcache_size 8192
`;

const PRIVACY = `cache deny all
cache_mem 8 MB
via off
forwarded_for delete
follow_x_forwarded_for deny all
httpd_suppress_version_string on
email_err_data off
reply_header_access X-Cache deny all
reply_header_access X-Cache-Lookup deny all
reply_header_access Via deny all
reply_header_access Cache-Status deny all
pinger_enable off
netdb_filename none
err_page_stylesheet none
`;

/*
 * One JSON object a line. # encodes what could leave a JSON string; query strings are not kept. Each worker writes
 * its lines itself: the log daemon is ended by SIGTERM at every reload, with the lines that it has not read yet.
 * A disk that is full costs lines, and never the proxy.
 */
function logs(sniCheck: boolean): string {
  return `strip_query_terms on
logformat postern {"time":%ts.%03tu,"client":"%>a","method":"%#rm","url":"%#ru","status":%>Hs,"result":"%Ss","rule":"%{rule}note","server":"%<a","sent":%<st,"received":%>st,"ms":%tr}
access_log stdio:/var/log/squid/access.log logformat=postern on-error=drop !watching${sniCheck ? " !hello_passed" : ""}
cache_log /var/log/squid/cache.log
logfile_rotate 0
`;
}
