import { type Origin, originText } from "../apply/origin.ts";
import { messageOf } from "../error.ts";
import type { Problem } from "../settings/problem.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import { lookAtCloudInit } from "./cloudinit.ts";
import { lookAtDisks } from "./disk.ts";
import { lookAtImage } from "./image.ts";
import { lookAtOvf } from "./ovf.ts";
import type { Brought, Found, FoundExport, Looked } from "./source.ts";

/** What the ways without a keyboard brought. */
export type Intake = (
  | { kind: "none" }
  /** Whole and right. */
  | { kind: "settings"; origin: Origin; text: string; settings: Settings; brought?: Brought }
  /** The first way has an export that a person has to open. */
  | { kind: "locked" }
  /** The good values of settings that are not right as a whole (see `salvageSettings`). */
  | { kind: "partial"; origin: Origin; settings: Settings; problems: readonly Problem[] }
) & {
  /** Where there were settings as well, which were not taken. */
  others: readonly Origin[];
  /** What could not be read or was left out, in words. */
  notes: readonly string[];
  /** Exports that could not be opened without a person, where there are any. */
  exports?: readonly FoundExport[];
};

/** The sources; the first that has settings wins, right or wrong. */
const SOURCES: readonly (readonly [name: string, look: (system: System) => Promise<Looked>])[] = [
  ["OVF properties", lookAtOvf],
  ["cloud-init", lookAtCloudInit],
  ["disk", lookAtDisks],
  ["image", lookAtImage],
];

/** Gathers the settings that came without a keyboard. Never throws, whatever lies there. */
export async function takeIn(system: System): Promise<Intake> {
  const looked: Looked[] = [];
  for (const [name, look] of SOURCES) {
    looked.push(
      await look(system).catch((error: unknown) => ({ found: [], notes: [`${name}: ${messageOf(error)}`] })),
    );
  }
  const exports = looked.flatMap((one) => one.exports ?? []);
  const about = {
    notes: looked.flatMap((one) => one.notes),
    ...(exports.length === 0 ? {} : { exports }),
  };
  const [first, ...rest] = eachOnce(looked.flatMap(({ found }) => found));
  if (isLockedFirst(looked)) return { kind: "locked", others: [], ...about };
  if (first === undefined) return { kind: "none", others: [], ...about };
  const others = rest.map(({ origin }) => origin);
  const { text, settings, problems, brought } = first;
  const origin = withOthers(first.origin, others);
  if (problems.length > 0) return { kind: "partial", origin, settings, problems, others, ...about };
  const more = brought === undefined ? {} : { brought };
  return { kind: "settings", origin, text, settings, ...more, others, ...about };
}

/** Whether an export that only its passphrase opens comes before all settings: it is not passed over. */
function isLockedFirst(looked: readonly Looked[]): boolean {
  const first = looked.find(({ found, exports = [] }) => found.length > 0 || exports.some(isLocked));
  return first !== undefined && first.found.length === 0;
}

function isLocked({ problem }: FoundExport): boolean {
  return problem === undefined;
}

/** The same file may be there twice, as itself and as what cloud-init wrote. */
function eachOnce(found: readonly Found[]): Found[] {
  return found.filter(({ text }, index) => found.findIndex((other) => other.text === text) === index);
}

/** The record says what else there was, for whoever wonders later why it was not taken. */
function withOthers(origin: Origin, others: readonly Origin[]): Origin {
  if (others.length === 0) return origin;
  const left = `not taken: ${others.map(originText).join(", ")}`;
  return { ...origin, detail: origin.detail === undefined ? left : `${origin.detail}; ${left}` };
}
