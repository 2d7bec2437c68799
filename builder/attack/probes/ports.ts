import type { Aim, Probe } from "../probe.ts";
import { ALLOWED_ALONE, ask, OTHER, REFUSED, tunnelTo } from "./requests.ts";

const topic = "ports";
const why = "An allowed name is a way to every service on it: SSH, mail, remote desktop.";

/** What stands after an allowed name. */
const TARGETS: readonly [id: string, title: string, after: string][] = [
  ["ssh", "SSH", ":22"],
  ["mail", "mail", ":25"],
  ["web", "a tunnel to port 80", ":80"],
  ["rdp", "remote desktop", ":3389"],
  ["high", "a port of nobody", ":8443"],
  ["other", "another port of nobody", ":8888"],
  ["zero", "port 0", ":0"],
  ["too-high", "port 65536", ":65536"],
  ["wraps-16", "a port that is 443 in 16 bits", ":65979"],
  ["wraps-22", "a port that is 22 in 16 bits", ":65558"],
  ["wraps-32-22", "a port that is 22 in 32 bits", ":4294967318"],
  ["negative", "a port below nought", ":-1"],
  ["negative-443", "-443", ":-443"],
  ["hex", "a port in hexadecimal", ":0x1bb"],
  ["two-turned", "two ports, the allowed one last", ":22:443"],
];

/** The same, where a reader may well find port 443 and nothing else in it. */
const ODD: typeof TARGETS = [
  ["wraps-32", "a port that is 443 in 32 bits", ":4294967739"],
  ["plus", "a port with a plus", ":+443"],
  ["letters", "a port with letters after it", ":443abc"],
  ["two", "two ports", ":443:22"],
  ["empty", "an empty port", ":"],
  ["none", "no port", ""],
  ["space", "a space before the port", ": 443"],
  ["at", "a port and then a user", `:443@${OTHER}:22`],
  ["zeros", "zeros before the port", ":000443"],
];

export const PORTS: readonly Probe[] = [
  ...TARGETS.map(([id, title, after]) => ({
    id: `port-${id}`,
    topic,
    title: `an allowed name with ${title}`,
    send: ({ allowed }: Aim) => [tunnelTo(`${allowed}${after}`)],
    must: REFUSED,
    why,
  })),
  ...ODD.map(([id, title, after]) => ({
    id: `port-${id}`,
    topic,
    title: `an allowed name with ${title}`,
    send: ({ allowed }: Aim) => [tunnelTo(`${allowed}${after}`)],
    must: ALLOWED_ALONE,
    why,
    needs: ["origin"] as const,
  })),
  ...[8080, 443, 22].map((port) => ({
    id: `port-web-${port}`,
    topic,
    title: `GET on port ${port} of an allowed name`,
    send: ({ web }: Aim) => [ask("GET", `http://${web}:${port}/`)],
    must: REFUSED,
    why,
  })),
  {
    id: "port-itself",
    topic,
    title: "the proxy's own port, through itself",
    send: ({ proxy, port }) => [tunnelTo(`${proxy}:${port}`)],
    must: REFUSED,
    why: "A proxy that calls itself makes a loop, and speaks as its own machine.",
  },
];
