import type { Aim, Probe } from "../probe.ts";
import { tunnelTo } from "./requests.ts";

const topic = "who asks";
/** An address of the allowed networks, as a stranger would claim it. */
const CLAIMED = "10.20.0.9";

function stranger(id: string, title: string, send: Probe["send"]): Probe {
  const needs = ["stranger"] as const;
  const why = "Networks that nobody named use the proxy.";
  return { id, topic, title, send, must: { answer: "refused" }, why, from: "stranger", needs };
}

export const CLIENTS: readonly Probe[] = [
  stranger("stranger", "an allowed name, asked for from a network that is not", ({ allowed }) => [
    tunnelTo(`${allowed}:443`),
  ]),
  ...["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "Via"].map((header) =>
    stranger(`stranger-${header}`, `the same with a ${header} that claims an allowed client`, (aim: Aim) => [
      tunnelTo(`${aim.allowed}:443`, `${header}: ${header === "Forwarded" ? "for=" : ""}${CLAIMED}\r\n`),
    ]),
  ),
  stranger("stranger-proxy-v1", "the same behind a PROXY protocol header", ({ allowed }) => [
    `PROXY TCP4 ${CLAIMED} 10.20.0.1 40000 3128\r\n${tunnelTo(`${allowed}:443`)}`,
  ]),
  stranger("stranger-proxy-v2", "the same behind a binary PROXY protocol header", ({ allowed }) => [
    `\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x0a\x14\0\x09\x0a\x14\0\x01\x9c\x40\x0c\x38${tunnelTo(`${allowed}:443`)}`,
  ]),
];
