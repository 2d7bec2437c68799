import type { Probe } from "../probe.ts";
import { clientHello } from "./hello.ts";
import { ask, tunnelTo } from "./requests.ts";

const topic = "what must pass";

/** Without these every refusal would mean nothing. */
export const CONTROLS: readonly Probe[] = [
  {
    id: "control-tunnel",
    topic,
    title: "a tunnel to an allowed name, with TLS for that name inside",
    send: ({ allowed }) => [tunnelTo(`${allowed}:443`), clientHello(allowed)],
    must: { answer: "passed" },
    why: "This is what the appliance is for.",
  },
  {
    id: "control-capitals",
    topic,
    title: "the same name in capitals, with the root's dot",
    send: ({ allowed }) => [tunnelTo(`${allowed.toUpperCase()}.:443`)],
    must: { answer: "passed" },
    why: "DNS knows no case, and clients write names as they like.",
    source: "https://www.rfc-editor.org/rfc/rfc4343",
  },
  {
    id: "control-web",
    topic,
    title: "GET on port 80 of a name that is allowed there",
    send: ({ web }) => [ask("GET", `http://${web}/`)],
    must: { answer: "passed" },
    why: "Revocation lists come this way.",
    needs: ["web"],
  },
];

/** The last of all: whoever has stopped the proxy on the way is seen here. */
export const AFTERWARDS: Probe = {
  id: "afterwards",
  topic: "after all of this",
  title: "a tunnel to an allowed name, with TLS for that name inside",
  send: ({ allowed }) => [tunnelTo(`${allowed}:443`), clientHello(allowed)],
  must: { answer: "passed" },
  why: "One of the requests before has stopped the proxy, or keeps it from serving others.",
};
