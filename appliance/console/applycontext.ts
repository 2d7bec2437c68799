import type { System } from "../system/system.ts";
import type { Asker } from "./asking/asker.ts";
import type { Others } from "./others.ts";
import type { StepContext } from "./steps/step.ts";

/** How applying ended: at work, to be changed, or taken over by another console. */
export type Applied = "done" | "change" | "gone";

export interface ApplyContext extends StepContext {
  system: System;
  asker: Asker;
  others: Others;
  /** Milliseconds that the network and Squid may take to come up. */
  patience: number;
  /** Milliseconds that a change which could lock out waits for a word. */
  confirmWithin: number;
}
