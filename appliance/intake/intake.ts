import { type Origin, originText } from "../apply/origin.ts";
import { messageOf } from "../error.ts";
import type { Problem } from "../settings/problem.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import { lookAtCloudInit } from "./cloudinit.ts";
import { lookAtDisks } from "./disk.ts";
import { lookAtImage } from "./image.ts";
import { lookAtOvf } from "./ovf.ts";
import type { Found, Looked } from "./source.ts";

/** What the ways without a keyboard brought. */
export type Intake = (
  | { kind: "none" }
  /** Whole and right. */
  | { kind: "settings"; origin: Origin; text: string; settings: Settings }
  /** The good values of settings that are not right as a whole (see `salvageSettings`). */
  | { kind: "partial"; origin: Origin; settings: Settings; problems: readonly Problem[] }
) & {
  /** Where there were settings as well, which were not taken. */
  others: readonly Origin[];
  /** What could not be read or was left out, in words. */
  notes: readonly string[];
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
  const notes = looked.flatMap((one) => one.notes);
  const [first, ...rest] = eachOnce(looked.flatMap(({ found }) => found));
  if (first === undefined) return { kind: "none", others: [], notes };
  const others = rest.map(({ origin }) => origin);
  const { text, settings, problems } = first;
  const origin = withOthers(first.origin, others);
  if (problems.length > 0) return { kind: "partial", origin, settings, problems, others, notes };
  return { kind: "settings", origin, text, settings, others, notes };
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
