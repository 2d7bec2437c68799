import type { Probe } from "../probe.ts";
import { clientHello } from "./hello.ts";
import { ask, OTHER, REFUSED, tunnelTo } from "./requests.ts";

const topic = "other protocols";
const why = "What is no request must not be guessed at.";

/** What is said to the proxy's port instead of a request. */
const GREETINGS: readonly [id: string, title: string, bytes: string][] = [
  ["http2", "HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"],
  [
    "proxy-v1",
    "a PROXY protocol header",
    `PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n${tunnelTo(`${OTHER}:443`)}`,
  ],
  ["proxy-v2", "a binary PROXY protocol header", `\r\n\r\n\0\r\nQUIT\n\x20\0\0\0${tunnelTo(`${OTHER}:443`)}`],
  ["tls", "TLS to the proxy itself", clientHello(OTHER)],
  ["ssh", "SSH", "SSH-2.0-OpenSSH_9.9\r\n\r\n"],
  ["socks4", "SOCKS 4 to an inner server", "\x04\x01\x01\xbb\x0a\0\0\x05\0\r\n\r\n"],
  ["socks5", "SOCKS 5", "\x05\x01\0\r\n\r\n"],
  ["binary", "bytes without sense", `${"\xff\xfe\0\x01".repeat(64)}\r\n\r\n`],
  ["icp", "a question of the cache protocol", "\x01\x02\0\x20\0\0\0\x01http://x/\0\r\n\r\n"],
];

export const TALK: readonly Probe[] = GREETINGS.map(([id, title, bytes]) => ({
  id: `talk-${id}`,
  topic,
  title,
  send: () => [bytes],
  must: REFUSED,
  why,
}));

const large = "size and patience";
const LARGE = "Memory is filled by whoever comes.";

export const LARGE_ONES: readonly Probe[] = [
  {
    id: "large-header",
    topic: large,
    title: "a header of 64 KB",
    send: ({ allowed }) => [tunnelTo(`${allowed}:443`, `X-Large: ${"a".repeat(65_536)}\r\n`)],
    must: REFUSED,
    why: LARGE,
  },
  {
    id: "large-count",
    topic: large,
    title: "5,000 headers",
    send: ({ allowed }) => [tunnelTo(`${allowed}:443`, "X-Many: 1234567890\r\n".repeat(5000))],
    must: REFUSED,
    why: LARGE,
  },
  {
    id: "large-url",
    topic: large,
    title: "a URL of 64 KB",
    send: ({ web }) => [ask("GET", `http://${web}/${"a".repeat(65_536)}`)],
    must: REFUSED,
    why: LARGE,
  },
  {
    id: "large-line",
    topic: large,
    title: "a line of 200 KB without an end",
    send: () => ["A".repeat(200_000)],
    must: REFUSED,
    why: LARGE,
  },
  {
    id: "slow-header",
    topic: large,
    title: "a request at one byte a second",
    send: ({ allowed }) => [tunnelTo(`${allowed}:443`)],
    must: { answer: "refused", cutWithin: 40_000 },
    why: "A handful of clients takes all connections (slowloris).",
    source: "https://www.squid-cache.org/Doc/config/request_start_timeout/",
    way: "slow",
  },
  {
    id: "slow-start",
    topic: large,
    title: "a connection without a word",
    send: () => [""],
    must: { answer: "refused", cutWithin: 40_000 },
    why: "A handful of clients takes all connections.",
    source: "https://www.squid-cache.org/Doc/config/request_start_timeout/",
    way: "slow",
  },
  {
    id: "flood-half-open",
    topic: large,
    title: "an allowed tunnel beside many requests that were begun and not ended",
    send: ({ allowed }) => [`CONNECT ${allowed}:443 HTTP/1.1\r\n`, tunnelTo(`${allowed}:443`)],
    must: { answer: "passed" },
    why: "Others are no longer served.",
    way: "flood",
  },
];

const inside = "inside a tunnel";

export const INSIDE: readonly Probe[] = [
  {
    id: "inside-front",
    topic: inside,
    title: "TLS for another name in the tunnel of an allowed one",
    send: ({ allowed }) => [tunnelTo(`${allowed}:443`), clientHello(OTHER)],
    must: { answer: "either", isMute: true, beyondLacks: [/www\.example\.com/] },
    why: "Servers with many sites lead to one that is not allowed (domain fronting).",
    source: "https://attack.mitre.org/techniques/T1090/004/",
    limit: "sni",
  },
  {
    id: "inside-ssh",
    topic: inside,
    title: "SSH in the tunnel of an allowed name",
    send: ({ allowed }) => [tunnelTo(`${allowed}:443`), "SSH-2.0-OpenSSH_9.9\r\n"],
    must: { answer: "either", isMute: true, beyondLacks: [/SSH-2\.0/] },
    why: "Anything at all leaves through port 443.",
    limit: "sni",
  },
  {
    id: "inside-plain",
    topic: inside,
    title: "plain HTTP in the tunnel of an allowed name",
    send: ({ allowed }) => [tunnelTo(`${allowed}:443`), `GET / HTTP/1.1\r\nHost: ${OTHER}\r\n\r\n`],
    must: { answer: "either", isMute: true, beyondLacks: [/www\.example\.com/] },
    why: "Anything at all leaves through port 443.",
    limit: "sni",
  },
];
