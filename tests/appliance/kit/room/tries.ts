/** One try to get a packet out of the machine and an answer back. */
export interface Try {
  to: string;
  protocol: "tcp" | "udp" | "ping";
  /** None for ping. */
  port?: number;
  fromPort?: number;
  /** Hops that the packet may take; the system's own number where nothing is said. */
  hops?: number;
}

/**
 * - `answered`: it went out, and what came back is what was sent.
 * - `refused`: the machine itself said no, at once.
 * - `lost`: nothing was heard of it.
 */
export type Outcome = "answered" | "refused" | "lost";

/** The cable between the machine and everything outside. */
export const LINK = {
  machine: "eth0",
  world: "world",
  machine4: "10.0.2.15/24",
  router4: "10.0.2.2/24",
  machine6: "2001:db8:1::15/64",
  router6: "2001:db8:1::2/64",
} as const;

/** Where everything outside ends up. */
export const PORT = 7;
