import type { Readable, Writable } from "node:stream";
import type { Release } from "../release.ts";
import type { System } from "../system/system.ts";

export interface ConsoleOptions {
  system: System;
  release: Release;
  input: Readable;
  output: Writable;
  isPlain: boolean;
  /** `tty1`, `ttyS0`: the machine's own console; undefined in a session. */
  line: string | undefined;
  /** Milliseconds that the network and Squid may take to come up after a change. */
  patience: number;
  /** Milliseconds after which a missing DHCP lease is spoken of; 10 s by default. */
  leaseWait?: number;
  /** Milliseconds that a change which could lock out waits for a word; 120 s by default. */
  confirmWithin?: number;
  /** Hands the terminal to a login; does not come back. */
  login(): never;
}
