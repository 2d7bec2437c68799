import { until } from "../../system/until.ts";
import { type Check, type CheckContext, type CheckResult, result } from "../check.ts";
import { carriedBy, type Seat, seatsOf } from "./seats.ts";

const TITLE = "Address";

/** Each card has the address that the settings give it, or one from DHCP. */
export const addressCheck: Check = (context) =>
  until(
    () => look(context),
    ({ state }) => state === "ok",
    { timeout: context.patience },
  );

async function look({ system, settings }: CheckContext): Promise<CheckResult> {
  const seats = await seatsOf(system, settings?.network);
  const seen = seats.map((seat) => lookAt(system, seat));
  const lacking = seen.filter(({ lacks }) => lacks !== undefined);
  const addresses = seen.flatMap(({ has }) => has);
  if (lacking.length === 0) return result("address", TITLE, "ok", addresses.join(", "));
  const state = lacking.some(({ seat }) => seat.isMain) ? "fail" : "warn";
  const detail = lacking.map(({ lacks }) => lacks).join(", ");
  const next = lacking.some(({ seat }) => seat.address === undefined)
    ? "Is the card in the right network (VLAN, port group)? Is there a DHCP server? Or give a static address."
    : "networkctl status shows what keeps the card from it.";
  return result("address", TITLE, state, detail, next);
}

interface Seen {
  seat: Seat;
  /** `10.0.2.15/24 on eth0` */
  has: string[];
  lacks: string | undefined;
}

function lookAt(system: CheckContext["system"], seat: Seat): Seen {
  const { card, address, address6 } = seat;
  if (card === undefined) return { seat, has: [], lacks: "there is no card for it" };
  const carried = [...carriedBy(system, card), ...(address6 ? carriedBy(system, card, "IPv6") : [])];
  const has = carried.map(({ name, cidr }) => `${cidr} on ${name}`);
  const wanted = [address, address6].filter((text) => text !== undefined);
  const missing = wanted.filter((text) => !carried.some(({ cidr }) => cidr === text));
  if (missing.length > 0) return { seat, has, lacks: `${missing.join(", ")} is not on ${card.name} yet` };
  const isUnanswered = address === undefined && carriedBy(system, card).length === 0;
  return { seat, has, lacks: isUnanswered ? `no answer from DHCP on ${card.name}` : undefined };
}
