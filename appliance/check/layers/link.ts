import { listCards } from "../../network/cards.ts";
import { until } from "../../system/until.ts";
import { type Check, type CheckContext, type CheckResult, result } from "../check.ts";
import { type Seat, seatsOf } from "./seats.ts";

const TITLE = "Link";
const CABLE = "Connect the network card: in the virtual machine's settings, or plug the cable in.";

/** Each card that the settings use is there and has a link. */
export const linkCheck: Check = (context) =>
  until(
    () => look(context),
    ({ state }) => state === "ok",
    { timeout: context.patience },
  );

async function look({ system, settings }: CheckContext): Promise<CheckResult> {
  const cards = await listCards(system);
  if (cards.length === 0) {
    const next = "Give this machine a network card: VMXNET3, E1000, virtio or Hyper-V.";
    return result("link", TITLE, "fail", "there is no network card", next);
  }
  const seats = await seatsOf(system, settings?.network);
  const missing = seats.filter(({ card }) => card === undefined);
  if (missing.length > 0) {
    const there = cards.map(({ name, mac }) => `${name} is ${mac}`).join(", ");
    const detail = `no card has the MAC address ${missing.map(({ mac }) => mac).join(", ")}; ${there}`;
    const state = stateOf(missing);
    return result(
      "link",
      TITLE,
      state,
      detail,
      "Name the card that is there: posternctl setup, part network.",
    );
  }
  const down = seats.filter(({ card }) => card?.hasLink !== true);
  const detail = seats.map(({ card }) => `${card?.name} ${card?.hasLink ? "up" : "has no link"}`).join(", ");
  return result("link", TITLE, down.length === 0 ? "ok" : stateOf(down), detail, CABLE);
}

/** Without its main card the machine is cut off; without another one only those behind it are. */
function stateOf(seats: readonly Seat[]): CheckResult["state"] {
  return seats.some(({ isMain }) => isMain) ? "fail" : "warn";
}
