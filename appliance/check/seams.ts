import type { Cloud } from "../settings/settings.ts";
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

export interface GuideFacts {
  address: string;
  port: number;
  cloud: Cloud;
  workspaces: readonly string[];
}

export interface GuidePage {
  id: string;
  title: string;
  lines: string[];
}

export type ClientGuide = (facts: GuideFacts) => readonly GuidePage[];

export interface Parts {
  testServices(): Promise<TestServices | undefined>;
  clientGuide(): Promise<ClientGuide | undefined>;
}

export const PARTS: Parts = {
  testServices: async () => undefined,
  clientGuide: async () => undefined,
};
