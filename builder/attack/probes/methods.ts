import type { Aim, Probe } from "../probe.ts";
import { ask, OTHER, REFUSED, tunnelTo } from "./requests.ts";

const METHODS = [
  ["TRACE", "shows what the proxy adds to a request"],
  ["OPTIONS", "is no way to fetch anything"],
  ["POST", "sends data out in plain text"],
  ["PUT", "sends data out in plain text"],
  ["PATCH", "sends data out in plain text"],
  ["DELETE", "changes something beyond"],
  ["PURGE", "empties caches"],
  ["PROPFIND", "is WebDAV's"],
  ["BREW", "is nobody's"],
] as const;

/** Schemes that a proxy has gateways for, or had. */
const SCHEMES = ["ftp", "gopher", "https", "ws", "wss", "wais", "whois", "file", "icap", "coap", "coaps"];

const schemes = "schemes";
const methods = "methods";
const CVES = "https://security-tracker.debian.org/tracker/source-package/squid";

export const REQUESTS: readonly Probe[] = [
  ...METHODS.map(([method, why]) => ({
    id: `method-${method}`,
    topic: methods,
    title: `${method} to a name that GET may reach`,
    send: ({ web }: Aim) => [ask(method, `http://${web}/`, "Content-Length: 0\r\n")],
    must: REFUSED,
    why: `${method} ${why}.`,
    source: "https://www.rfc-editor.org/rfc/rfc9110#section-9",
  })),
  {
    id: "method-get-lower",
    topic: methods,
    title: "get in small letters: refused, or read as GET",
    send: ({ web }) => [ask("get", `http://${web}/`)],
    must: { answer: "either", beyond: 1, beyondLacks: [/^get /m] },
    why: "Two servers may read two methods from it.",
    needs: ["web", "origin"],
  },
  {
    id: "method-options-star",
    topic: methods,
    title: "OPTIONS of the proxy itself",
    send: ({ proxy }) => [`OPTIONS * HTTP/1.1\r\nHost: ${proxy}\r\n\r\n`],
    must: REFUSED,
    why: "It tells about the proxy.",
  },
  {
    id: "method-trace-hops",
    topic: methods,
    title: "TRACE that ends at the proxy",
    send: ({ web }) => [ask("TRACE", `http://${web}/`, "Max-Forwards: 0\r\nX-Secret: of-another-header\r\n")],
    must: { answer: "refused", lacks: [/of-another-header/] },
    why: "It sends back every header of the request.",
    source: "https://www.rfc-editor.org/rfc/rfc9110#section-9.3.8",
  },
  {
    id: "method-connect-lower",
    topic: methods,
    title: "connect in small letters",
    send: () => [tunnelTo(`${OTHER}:443`).replace("CONNECT", "connect")],
    must: REFUSED,
    why: "Rules about CONNECT would not see it.",
  },
  {
    id: "method-connect-old",
    topic: methods,
    title: "CONNECT by HTTP/1.0",
    send: () => [`CONNECT ${OTHER}:443 HTTP/1.0\r\n\r\n`],
    must: REFUSED,
    why: "Old versions go by the same rules.",
  },
  {
    id: "method-connect-bare",
    topic: methods,
    title: "CONNECT without a version",
    send: () => [`CONNECT ${OTHER}:443\r\n\r\n`],
    must: REFUSED,
    why: "Old versions go by the same rules.",
  },
  {
    id: "method-version-9",
    topic: methods,
    title: "GET by HTTP/0.9",
    send: () => [`GET http://${OTHER}/\r\n`],
    must: REFUSED,
    why: "Old versions go by the same rules.",
  },
  {
    id: "method-version-new",
    topic: methods,
    title: "a version that does not exist",
    send: () => [`GET http://${OTHER}/ HTTP/9.9\r\nHost: ${OTHER}\r\n\r\n`],
    must: REFUSED,
    why: "It must not be guessed at.",
  },
  ...SCHEMES.map((scheme) => ({
    id: `scheme-${scheme}`,
    topic: schemes,
    title: `GET ${scheme}://`,
    send: ({ web }: Aim) => [ask("GET", `${scheme}://${web}/etc/passwd`)],
    must: REFUSED,
    why: "Gateways to other protocols had many of Squid's holes, and reach other ports.",
    source: CVES,
  })),
  {
    id: "scheme-ftp-80",
    topic: schemes,
    title: "FTP on port 80",
    send: ({ web }) => [ask("GET", `ftp://${web}:80/`)],
    must: REFUSED,
    why: "The FTP gateway is reached on a port that is allowed for something else.",
    source: CVES,
  },
  {
    id: "scheme-urn",
    topic: schemes,
    title: "GET urn:",
    send: ({ web }) => [`GET urn:${web}:menu HTTP/1.1\r\nHost: ${web}\r\n\r\n`],
    must: REFUSED,
    why: "The resolver of URNs had holes of its own.",
    source: CVES,
  },
  {
    id: "scheme-data",
    topic: schemes,
    title: "GET data:",
    send: () => ["GET data:text/html,hello HTTP/1.1\r\nHost: x\r\n\r\n"],
    must: REFUSED,
    why: "It is no place to fetch from.",
  },
  {
    id: "scheme-none",
    topic: schemes,
    title: "GET of //name",
    send: ({ web }) => [`GET //${web}/ HTTP/1.1\r\nHost: ${OTHER}\r\n\r\n`],
    must: REFUSED,
    why: "Two readers take two names from it.",
  },
  {
    id: "scheme-upgrade",
    topic: schemes,
    title: "a WebSocket to another name",
    send: () => [
      `GET http://${OTHER}/ HTTP/1.1\r\nHost: ${OTHER}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    ],
    must: REFUSED,
    why: "It would be a tunnel without CONNECT.",
  },
];
