import { listCards } from "../../network/cards.ts";
import { macAddress, machineAddress, peerAddress } from "../../settings/fields.ts";
import { routeTarget } from "../../settings/placefields.ts";
import { routesProblem } from "../../settings/relations.ts";
import type { AdditionalCard, Route } from "../../settings/settings.ts";
import { type Draft, words } from "../draft.ts";
import { askList } from "./liststep.ts";
import { cardLine } from "./networksteps.ts";
import { MTU, VLAN } from "./numbers.ts";
import { canonical, type Step } from "./step.ts";

/** A route, and the additional card it belongs to; the main card without one. */
type OwnedRoute = Route & { mac?: string };

export const routesStep: Step = {
  async ask(draft, { asker }) {
    const answer = await askList<OwnedRoute>(asker, {
      titles: ["Network: routes", "Network: another route, or Enter to go on"],
      lines: () => [
        "A network and its router: 10.30.0.0/16 via 10.20.0.254",
        ...(draft.additional.length > 0 ? ["Of an additional card: ... on 52:54:00:12:34:56"] : []),
        "Empty: only the default route, through the gateway.",
      ],
      items: ownedRoutes(draft),
      heading: "Routes",
      read: (line) => readRoute(line, draft),
      check: (all) => routesProblem(all),
      show: ({ to, via, mac }) => `${to} via ${via}${mac === undefined ? "" : ` on ${mac}`}`,
    });
    const of = (mac: string | undefined): Route[] =>
      answer.items.filter((route) => route.mac === mac).map(({ to, via }) => ({ to, via }));
    const additional = draft.additional.map((card) => ({ ...card, routes: of(card.mac) }));
    return { way: answer.way, draft: { ...draft, routes: of(undefined), additional } };
  },
};

function ownedRoutes({ routes, additional }: Draft): OwnedRoute[] {
  return [
    ...routes,
    ...additional.flatMap((card) => card.routes.map((route) => ({ ...route, mac: card.mac }))),
  ];
}

function readRoute(line: string, { additional }: Draft): readonly OwnedRoute[] | { problem: string } {
  const [to = "", via = "", mac, ...rest] = words(line).filter((word) => word !== "via" && word !== "on");
  const target = routeTarget(to);
  if (!target.ok) return { problem: target.problem };
  const router = peerAddress(via);
  if (!router.ok) return { problem: `via ${router.problem}` };
  if (rest.length > 0) return { problem: "one route, such as 10.30.0.0/16 via 10.20.0.254" };
  const route = { to: target.value, via: router.value };
  if (mac === undefined) return [route];
  const card = additional.find((one) => one.mac === canonical(macAddress, mac));
  return card === undefined
    ? { problem: "the MAC address of an additional card" }
    : [{ ...route, mac: card.mac }];
}

export const additionalStep: Step = {
  async ask(draft, { system, asker }) {
    const cards = await listCards(system);
    const mac = draft.mac ?? cards.find(({ hasLink }) => hasLink)?.mac;
    const answer = await askList<AdditionalCard>(asker, {
      titles: ["Network: additional cards", "Network: another card, or Enter to go on"],
      lines: () => [
        "The MAC address, then an address or dhcp, then vlan and mtu if any:",
        "52:54:00:12:34:56 10.30.0.5/24 vlan 30 mtu 9000",
        ...cards.map((card) => `${cardLine(card)}${card.mac === mac ? "  (the main card)" : ""}`),
      ],
      items: draft.additional,
      heading: "Additional cards",
      read: (line) => readCard(line, draft.additional),
      check: (all) => cardsProblem(all, mac),
      show: additionalText,
    });
    // The main card has to be named, so that nothing mistakes one for the other.
    const named = answer.items.length > 0 ? mac : draft.mac;
    return { way: answer.way, draft: { ...draft, mac: named, additional: answer.items } };
  },
};

function additionalText({ mac, address, vlan, mtu }: AdditionalCard): string {
  const tag = vlan === undefined ? "" : ` vlan ${vlan}`;
  return `${mac} ${address ?? "dhcp"}${tag}${mtu === undefined ? "" : ` mtu ${mtu}`}`;
}

function readCard(
  line: string,
  before: readonly AdditionalCard[],
): readonly AdditionalCard[] | { problem: string } {
  const [macText = "", addressText = "", ...rest] = words(line);
  const mac = macAddress(macText);
  if (!mac.ok) return { problem: mac.problem };
  const address = machineAddress(addressText);
  if (!address.ok && addressText !== "dhcp") return { problem: `dhcp, or ${address.problem}` };
  const numbers: { vlan?: number; mtu?: number } = {};
  for (let index = 0; index < rest.length; index += 2) {
    const name = rest[index];
    if (name !== "vlan" && name !== "mtu") return { problem: "vlan or mtu after the address" };
    const number = (name === "vlan" ? VLAN : MTU)(rest[index + 1] ?? "");
    if (!number.ok) return { problem: `${name}: ${number.problem}` };
    numbers[name] = Number(number.value);
  }
  const routes = before.find((card) => card.mac === mac.value)?.routes ?? [];
  return [{ mac: mac.value, ...(address.ok ? { address: address.value } : {}), ...numbers, routes }];
}

function cardsProblem(all: readonly AdditionalCard[], main: string | undefined): string | undefined {
  const macs = all.map(({ mac }) => mac);
  if (main !== undefined && macs.includes(main)) return "a card other than the main one";
  return new Set(macs).size < macs.length ? "each card once" : undefined;
}
