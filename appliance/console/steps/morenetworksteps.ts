import { hostName, peerAddress } from "../../settings/fields.ts";
import { machineAddress6, router6 } from "../../settings/placefields.ts";
import { ipv6Problem } from "../../settings/relations.ts";
import type { Look } from "../asking/asker.ts";
import { words } from "../draft.ts";
import { MTU, VLAN } from "./numbers.ts";
import { askText, canonical, canonicalWords, lookBy, lookByWord, lookIfAny, type Step } from "./step.ts";

/** DNS servers beside DHCP, which brings its own. */
export const dhcpDnsStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Network: which DNS servers?",
      lines: [
        "Addresses with spaces between, such as 10.20.0.2 10.20.0.3.",
        ...(draft.mode === "dhcp" ? ["Empty: the ones that DHCP gives; others take their place."] : []),
      ],
      initial: draft.dns,
      look: lookByWord(peerAddress, draft.mode === "dhcp" ? 0 : 1),
      store: (text) => ({ dns: canonicalWords(peerAddress, text) }),
    }),
};

export const searchStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Network: search domains",
      lines: ["What is added to short names, such as corp.example.com. Empty: nothing. Defender needs none."],
      initial: draft.search,
      look: lookByWord(hostName, 0),
      store: (text) => ({ search: canonicalWords(hostName, text) }),
    }),
};

export const ipv6Step: Step = {
  async ask(draft, context) {
    const answer = await context.asker.choose({
      title: "Network: IPv6?",
      lines: ["Defender's services are reached by IPv4. Turn IPv6 on where clients come by it."],
      choices: [
        { value: "off" as const, label: "Off" },
        {
          value: "slaac" as const,
          label: "SLAAC",
          hint: "by router advertisements, and DHCPv6 where they say so",
        },
        { value: "static" as const, label: "Static", hint: "address and router are typed" },
      ],
      initial: ["off", "slaac", "static"].indexOf(draft.ipv6.mode),
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    if (answer.value !== "static") return { way: "next", draft: { ...draft, ipv6: { mode: answer.value } } };
    const known = draft.ipv6.mode === "static" ? `${draft.ipv6.address} ${draft.ipv6.gateway}` : "";
    const result = await askText(draft, context, {
      title: "Network: IPv6 address and router",
      lines: ["The address with its prefix, then the router: fd00:10::5/64 fd00:10::1 (or fe80::1)"],
      initial: known,
      look: lookAtIpv6,
      store: (text) => {
        const [address = "", gateway = ""] = words(text);
        return {
          ipv6: {
            mode: "static",
            address: canonical(machineAddress6, address),
            gateway: canonical(router6, gateway),
          },
        };
      },
    });
    return result.way === "back" ? this.ask(result.draft, context) : result;
  },
};

function lookAtIpv6(text: string): Look {
  const [address = "", gateway, ...rest] = words(text);
  const own = machineAddress6(address);
  if (!own.ok) return { problem: own.problem };
  const router = router6(gateway ?? "");
  if (!router.ok || rest.length > 0)
    return { problem: router.ok ? "an address and a router" : router.problem };
  const problem = ipv6Problem({ mode: "static", address: own.value, gateway: router.value });
  return problem === undefined ? {} : { problem };
}

/** A whole number, or nothing. */
function numberStep(field: "vlan" | "mtu", title: string, line: string): Step {
  const parse = field === "vlan" ? VLAN : MTU;
  return {
    ask: (draft, context) =>
      askText(draft, context, {
        title,
        lines: [line],
        initial: draft[field] === undefined ? "" : String(draft[field]),
        look: lookIfAny(lookBy(parse)),
        store: (text) => ({ [field]: text === "" ? undefined : Number(text) }),
      }),
  };
}

export const vlanStep = numberStep(
  "vlan",
  "Network: VLAN",
  "The tag, 1 to 4094, where the switch port is a trunk. Empty: no tag, as most are.",
);

export const mtuStep = numberStep(
  "mtu",
  "Network: MTU",
  "Bytes, such as 1400 inside a tunnel. Empty: what the card or DHCP says.",
);
