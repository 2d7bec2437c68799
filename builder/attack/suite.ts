import type { Probe } from "./probe.ts";
import { ADDRESSES } from "./probes/addresses.ts";
import { CLIENTS } from "./probes/clients.ts";
import { AFTERWARDS, CONTROLS } from "./probes/controls.ts";
import { FRAMING } from "./probes/framing.ts";
import { ITSELF, MANAGER } from "./probes/manager.ts";
import { REQUESTS } from "./probes/methods.ts";
import { NAMES } from "./probes/names.ts";
import { PORTS } from "./probes/ports.ts";
import { PRIVACY } from "./probes/privacy.ts";
import { RESOLVE } from "./probes/resolve.ts";
import { INSIDE, LARGE_ONES, TALK } from "./probes/wire.ts";

/** Every probe there is, in the order of the report. */
export const SUITE: readonly Probe[] = [
  ...CONTROLS,
  ...NAMES,
  ...ADDRESSES,
  ...RESOLVE,
  ...PORTS,
  ...REQUESTS,
  ...MANAGER,
  ...CLIENTS,
  ...ITSELF,
  ...FRAMING,
  ...PRIVACY,
  ...TALK,
  ...LARGE_ONES,
  ...INSIDE,
  AFTERWARDS,
];

/** Whether the proxy lets through what it is there for. Where it does not, no refusal means anything. */
export function isControl({ id }: { id: string }): boolean {
  return id.startsWith("control-");
}
