import type { Probe } from "../probe.ts";
import { ask, OTHER, tunnelTo } from "./requests.ts";

const topic = "what is told";
const VERSION = /squid\/\d|\bversion \d+\.\d/i;
/** `client:secret`, as a client that thinks it has to log in sends it. */
const CREDENTIALS = "Y2xpZW50OnNlY3JldA==";
const SCRIPT = "<script>alert(1)</script>";
const LEAK = "https://github.com/squid-cache/squid/security/advisories/GHSA-c8cc-phh7-xmxr";

export const PRIVACY: readonly Probe[] = [
  {
    id: "told-version",
    topic,
    title: "the version, in a refusal",
    send: () => [tunnelTo(`${OTHER}:443`)],
    must: { answer: "refused", lacks: [VERSION] },
    why: "It says which holes to try.",
    source: "https://www.squid-cache.org/Doc/config/httpd_suppress_version_string/",
  },
  {
    id: "told-version-web",
    topic,
    title: "the version, in a page",
    send: () => [ask("GET", `http://${OTHER}/`)],
    must: { answer: "refused", lacks: [VERSION] },
    why: "It says which holes to try.",
  },
  {
    id: "told-version-bad",
    topic,
    title: "the version, in the answer to nonsense",
    send: () => ["NONSENSE\r\n\r\n"],
    must: { answer: "refused", lacks: [VERSION] },
    why: "It says which holes to try.",
  },
  {
    id: "told-cache",
    topic,
    title: "headers about a cache",
    send: () => [ask("GET", `http://${OTHER}/`)],
    must: { answer: "refused", lacks: [/^(?:x-cache|x-cache-lookup|via):/im] },
    why: "They name the machine and what stands behind it.",
  },
  {
    id: "told-credentials",
    topic,
    title: "credentials of the client, in a refusal",
    send: () => [tunnelTo(`${OTHER}:443`, `Proxy-Authorization: Basic ${CREDENTIALS}\r\n`)],
    must: { answer: "refused", lacks: [new RegExp(CREDENTIALS), /client:secret/] },
    why: "A page of somebody else reads them (CVE-2025-62168).",
    source: LEAK,
  },
  {
    id: "told-credentials-web",
    topic,
    title: "credentials and cookies of the client, in a page",
    send: () => [
      ask("GET", `http://${OTHER}/`, `Authorization: Basic ${CREDENTIALS}\r\nCookie: id=of-the-session\r\n`),
    ],
    must: { answer: "refused", lacks: [new RegExp(CREDENTIALS), /of-the-session/] },
    why: "A page of somebody else reads them (CVE-2025-62168).",
    source: LEAK,
  },
  {
    id: "told-script-url",
    topic,
    title: "a script in the URL, in a page",
    send: () => [`GET http://${OTHER}/${SCRIPT} HTTP/1.1\r\nHost: ${OTHER}\r\n\r\n`],
    must: { answer: "refused", lacks: [/<script>alert/i] },
    why: "It runs in the browser of whoever is sent there.",
  },
  {
    id: "told-script-host",
    topic,
    title: "a script in the name, in a page",
    send: () => [`GET http://${SCRIPT}/ HTTP/1.1\r\nHost: ${SCRIPT}\r\n\r\n`],
    must: { answer: "refused", lacks: [/<script>alert/i] },
    why: "It runs in the browser of whoever is sent there.",
  },
  {
    id: "told-script-method",
    topic,
    title: "a script in the method, in a page",
    send: () => [`${SCRIPT} http://${OTHER}/ HTTP/1.1\r\nHost: ${OTHER}\r\n\r\n`],
    must: { answer: "refused", lacks: [/<script>alert/i] },
    why: "It runs in the browser of whoever is sent there.",
  },
  {
    id: "told-quote",
    topic,
    title: "quotes in the URL, in a page",
    send: () => [`GET http://${OTHER}/"onmouseover="alert(1) HTTP/1.1\r\nHost: ${OTHER}\r\n\r\n`],
    must: { answer: "refused", lacks: [/["']onmouseover=/i] },
    why: "It runs in the browser of whoever is sent there.",
  },
  {
    id: "told-client",
    topic,
    title: "the client's address, to the server beyond",
    send: ({ web }) => [ask("GET", `http://${web}/`, "X-Forwarded-For: 192.0.2.77\r\n")],
    must: {
      answer: "either",
      beyondLacks: [/^(?:via|x-forwarded-for|forwarded|x-client-ip):/im, /10\.20\.0\.9/],
    },
    why: "Inner addresses are nobody's business outside.",
    needs: ["web", "origin"],
  },
  {
    id: "told-beyond",
    topic,
    title: "credentials for the proxy, to the server beyond",
    send: ({ web }) => [ask("GET", `http://${web}/`, `Proxy-Authorization: Basic ${CREDENTIALS}\r\n`)],
    must: { answer: "either", beyondLacks: [new RegExp(CREDENTIALS)] },
    why: "They were meant for the proxy.",
    needs: ["web", "origin"],
  },
  {
    id: "cache-poison",
    topic,
    title: "the same page twice: each time from the server beyond",
    send: ({ web }) => [
      `GET http://${web}/cached HTTP/1.1\r\nHost: ${web}\r\nX-Poison: <b>\r\n\r\n`,
      `GET http://${web}/cached HTTP/1.1\r\nHost: ${web}\r\nConnection: close\r\n\r\n`,
    ],
    must: { answer: "either", beyond: 2 },
    why: "What one client puts into the cache all others get.",
    needs: ["web", "origin"],
  },
];
