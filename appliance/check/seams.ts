import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import type { CheckContext } from "./check.ts";

/*
 * Parts of the program that the status screen uses where they are there, loaded only when they are needed.
 */

/** How one Defender service answered. */
export interface ServiceTest {
  /** `mde`, `mdi contoso`, `crl`. */
  id: string;
  state: "ok" | "fail";
  detail: string;
  /** What to do about it; only where it failed. */
  next?: string;
}

export type TestServices = (context: CheckContext) => Promise<readonly ServiceTest[]>;

/** One topic of what is to be set on the clients. */
export interface GuidePage {
  title: string;
  lines: readonly string[];
}

export interface Parts {
  testServices(): Promise<TestServices | undefined>;
  /** With this machine's own address; undefined while it has none. */
  clientPages(system: System, settings: Settings): Promise<readonly GuidePage[] | undefined>;
}

export const PARTS: Parts = {
  testServices: async () => undefined,
  clientPages: async () => undefined,
};
