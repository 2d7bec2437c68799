import { DEFAULTS } from "../defaults.ts";
import { ipv6Problem, networkProblem, routesProblem } from "../relations.ts";
import {
  integer,
  json,
  list,
  MOST_CARDS,
  MOST_NAMES,
  map,
  oneOf,
  POSTERN,
  related,
  unique,
} from "./parts.ts";
import * as texts from "./texts.ts";

/** 576: every IPv4 machine takes it (RFC 791); 9216: the largest jumbo frame in use. */
const mtu = integer(576, 9216)
  .unit("bytes")
  .description("Largest packet of the card. Without it what the card or DHCP says.")
  .example(1400);

/** IEEE 802.1Q: 0 and 4095 are reserved. */
const vlan = integer(1, 4094)
  .description("VLAN tag (IEEE 802.1Q): the card speaks in that VLAN alone. Without it, untagged.")
  .example(20);

const routes = list(
  map({
    to: texts
      .routeTarget()
      .required()
      .description("Network that the route leads to.")
      .example("10.99.0.0/16"),
    via: texts
      .peerAddress()
      .required()
      .description("Router that leads there, in a network of the same card.")
      .example("10.20.0.254"),
  }),
  MOST_NAMES,
)
  .custom(related(routesProblem))
  .messages(POSTERN)
  .description("Static routes, each target once.");

const ipv6 = map({
  mode: oneOf(["off", "slaac", "static"])
    .required()
    .description("Off, by router advertisements (and DHCPv6 where they say so), or by hand.")
    .example("slaac"),
  address: texts
    .machineAddress6()
    .description("Address with its prefix. Only with mode static, and needed there.")
    .example("fd00:20::5/64"),
  gateway: texts
    .router6()
    .description("Router, in the same network or link-local. Only with mode static, and needed there.")
    .example("fe80::1"),
})
  .custom(related(ipv6Problem))
  .default(DEFAULTS.network.ipv6)
  .meta(json(needsWhenStatic(["address", "gateway"])))
  .description("IPv6 of the main card. IPv4 is needed beside it: Defender has no other way.");

const additional = list(
  map({
    mac: texts.macAddress().required().description("MAC address of the card.").example("52:54:00:12:34:99"),
    address: texts
      .machineAddress()
      .description("IPv4 address with its prefix. Without it DHCP gives one.")
      .example("172.20.0.5/24"),
    vlan,
    mtu,
    routes,
  }),
  MOST_CARDS,
).description("Further cards, such as one on the clients' side. The default route is never theirs.");

export const network = map({
  mac: texts
    .macAddress()
    .description("Card to use, by its MAC address. Without it the only wired card there is.")
    .note("Hyphens, as Windows writes them, are taken too.")
    .example("52:54:00:12:34:56"),
  mode: oneOf(["dhcp", "static"]).default("dhcp").description("How IPv4 is set.").example("static"),
  address: texts
    .machineAddress()
    .description("IPv4 address with its prefix. Only with mode static, and needed there.")
    .note("With a netmask it is taken too: `10.20.0.5 255.255.255.0`.")
    .example("10.20.0.5/24"),
  gateway: texts
    .peerAddress()
    .description("Default router, inside that network. Only with mode static, and needed there.")
    .example("10.20.0.1"),
  dns: unique(texts.peerAddress())
    .description("DNS servers. Needed with mode static; with DHCP they replace the ones that it gives.")
    .example(["10.20.0.2", "10.20.0.3"]),
  search: unique(texts.hostName()).description("DNS search domains.").example(["corp.example"]),
  vlan,
  mtu,
  ipv6,
  routes,
  additional,
})
  .custom(related(networkProblem))
  .default(DEFAULTS.network)
  .meta(json(needsWhenStatic(["address", "gateway", "dns"], { dns: { type: "array", minItems: 1 } })))
  .description(
    "Cards, addresses, routes. The network of a machine is matched by MAC address, never by name.",
  );

/** `needed` with mode static; an address or a gateway only there. */
function needsWhenStatic(needed: readonly string[], properties: Record<string, unknown> = {}) {
  return {
    if: { properties: { mode: { const: "static" } }, required: ["mode"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { required: needed, properties },
    else: { properties: { address: false, gateway: false } },
  };
}
