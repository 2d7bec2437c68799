import { PROXY_PORT, SQUID_LISTS } from "../paths.ts";

/** What differs between machines; everything else in the file is fixed. */
export interface SquidFacts {
  hostname: string;
  /** Virtual CPUs of the machine. */
  vcpus: number;
  /** Folder of the list files; another one while a change is checked. */
  lists?: string;
}

/**
 * Each worker has a core and a descriptor table of its own. Up to four were measured; one more process
 * coordinates them.
 */
const MOST_WORKERS = 4;

/** Equal to LimitNOFILE of the unit; (65536 - 100) / 2 tunnels for each worker. */
const DESCRIPTORS = 65536;

/** Addresses that a name must not lead to: private, loopback, link-local with the cloud's metadata, multicast. */
const INNER = [
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16",
  // Azure's wire server answers on this public address from inside every virtual machine.
  "168.63.129.16/32",
  "224.0.0.0/4 240.0.0.0/4",
  "::/128 ::1/128 fc00::/7 fe80::/10 ff00::/8",
];

export function workerCount(vcpus: number): number {
  return Math.max(1, Math.min(MOST_WORKERS, Math.floor(vcpus)));
}

/** squid.conf for Squid 5.7 to 7: an allow list of names, tunnels to 443 and GET on 80, and nothing else. */
export function squidConf({ hostname, vcpus, lists = SQUID_LISTS }: SquidFacts): string {
  return `# Made by posternctl from /etc/postern/settings.yaml; changes here are lost.
http_port ${PROXY_PORT} tcpkeepalive=60,30,3
workers ${workerCount(vcpus)}
max_filedescriptors ${DESCRIPTORS}
pid_filename /run/squid/squid.pid
visible_hostname ${hostname}

${rules(lists)}
${LIMITS}
${NAMES}
${PRIVACY}
${LOGS}`;
}

/*
 * The order is the point. Ports come before names, so that an allowed name is no way to another port.
 * Names come before addresses, so that a refused name costs no look-up. -n keeps Squid from asking reverse
 * DNS about an address and believing the answer; with it an address never matches a name.
 * The note says in the log which rule refused a request.
 * The machine itself may use the proxy too, for its own checks, under the very rules of a client: only root and
 * the administrator can call from there, and they reach the Defender cloud and nothing else by it.
 */
const rules = (lists: string) => `acl clients src "${lists}/clients.txt"
acl allowed_tls dstdomain -n "${lists}/allowed-tls.txt"
acl allowed_web dstdomain -n "${lists}/allowed-web.txt"
acl tls_port port 443
acl web_port port 80
acl http_scheme proto HTTP
acl reading method GET HEAD
${INNER.map((networks) => `acl inner dst ${networks}`).join("\n")}
${["manager", "client", "port", "method", "scheme", "name", "address"]
  .map((rule) => `acl note_${rule} annotate_transaction rule=${rule}`)
  .join("\n")}
http_access deny manager note_manager
http_access deny !clients !localhost note_client
http_access deny CONNECT !tls_port note_port
http_access deny !CONNECT !reading note_method
http_access deny !CONNECT !http_scheme note_scheme
http_access deny !CONNECT !web_port note_port
http_access deny CONNECT !allowed_tls note_name
http_access deny !CONNECT !allowed_web note_name
http_access deny to_localhost note_address
http_access deny inner note_address
http_access allow clients
http_access allow localhost
http_access deny all
`;

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
pinger_enable off
`;

/* One JSON object a line. # encodes what could leave a JSON string; query strings are not kept. */
const LOGS = `strip_query_terms on
logformat postern {"time":%ts.%03tu,"client":"%>a","method":"%#rm","url":"%#ru","status":%>Hs,"result":"%Ss","rule":"%{rule}note","server":"%<a","sent":%<st,"received":%>st,"ms":%tr}
access_log daemon:/var/log/squid/access.log logformat=postern
cache_log /var/log/squid/cache.log
logfile_rotate 0
`;
