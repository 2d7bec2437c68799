import type { Medium } from "../../install/live.ts";
import type { Release } from "../../release.ts";
import type { System } from "../../system/system.ts";
import type { Asker } from "../asking/asker.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** One console of the live system. */
export interface InstallContext {
  system: System;
  release: Release;
  terminal: Terminal;
  /** `tty1`, `ttyS0`; undefined in a session. */
  line: string | undefined;
  medium: Medium;
  header: string;
  /** Milliseconds of the pages that go on by themselves. */
  countdown: number;
  /** Milliseconds that a disk of an unattended installation may take to show up; its own default without. */
  late?: number;
}

/** The same while it asks. */
export interface Asking extends InstallContext {
  asker: Asker;
}
