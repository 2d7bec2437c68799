import { timeServer as nameOrAddress } from "../../settings/fields.ts";
import { privateNetwork } from "../../settings/placefields.ts";
import { overlapProblem } from "../../settings/relations.ts";
import type { Look } from "../asking/asker.ts";
import { type Draft, words } from "../draft.ts";
import { PORT } from "./numbers.ts";
import { askText, canonical, canonicalWords, lookByWord, type Step } from "./step.ts";

export const upstreamStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Proxy: through another proxy?",
      lines: [
        "Where this machine itself has no way out: the name or address of that proxy, and its port.",
        "Such as proxy.example.com 8080. It must not decrypt.",
        "Empty: straight out, as most do.",
      ],
      initial: upstreamText(draft),
      look: lookAtUpstream,
      store: (text) => {
        const { upstream: _, ...others } = draft.proxy;
        const [host = "", port = ""] = parts(text);
        if (text === "") return { proxy: others };
        return {
          proxy: { ...others, upstream: { host: canonical(nameOrAddress, host), port: Number(port) } },
        };
      },
    }),
};

export const privateStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Proxy: private destinations",
      lines: [
        "Allowed names that lead to a private address are turned away, but not into these networks.",
        "Such as those of a Private Link: 10.40.0.0/24. Empty: none, as most.",
      ],
      initial: draft.proxy.privateDestinations.join(" "),
      look: (text) => {
        const { problem } = lookByWord(privateNetwork, 0)(text);
        const overlap = overlapProblem(words(text).map((cidr) => ({ cidr })));
        const expected = problem ?? overlap;
        return expected === undefined ? {} : { problem: expected };
      },
      store: (text) => ({
        proxy: { ...draft.proxy, privateDestinations: words(canonicalWords(privateNetwork, text)) },
      }),
    }),
};

export function upstreamText({ proxy: { upstream } }: Draft): string {
  return upstream === undefined ? "" : `${upstream.host} ${upstream.port}`;
}

function lookAtUpstream(text: string): Look {
  if (text.trim() === "") return {};
  const [host = "", port, ...rest] = parts(text);
  const name = nameOrAddress(host);
  if (!name.ok) return { problem: name.problem };
  return PORT(port ?? "").ok && rest.length === 0 ? {} : { problem: "a port after the name, such as 8080" };
}

/** `name 8080` and `name:8080` alike; a colon inside an IPv6 address stays. */
function parts(text: string): string[] {
  return words(text.trim().replace(/^([^:\s]+):(\d+)$/, "$1 $2"));
}
