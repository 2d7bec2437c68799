/** A figure that is measured in the booted machine, and what it must be. */
export interface Gate {
  id: string;
  title: string;
  /** Which way is better. */
  better: "more" | "less";
  /** A build that does worse fails. */
  gate: number;
  /** What is aimed at. */
  goal: number;
}

/**
 * Every gate, in the order of the table. Sources of the figures: lynis' own index; the exposure that
 * `systemd-analyze security` prints (https://www.freedesktop.org/software/systemd/man/systemd-analyze.html);
 * ssh-audit's failures and warnings (https://github.com/jtesta/ssh-audit).
 */
export const GATES = [
  { id: "lynis", title: "lynis index", better: "more", gate: 85, goal: 90 },
  { id: "exposure-squid", title: "systemd exposure of squid.service", better: "less", gate: 2, goal: 1.2 },
  { id: "exposure-ssh", title: "systemd exposure of ssh.service", better: "less", gate: 7, goal: 6.6 },
  { id: "exposure-console", title: "systemd exposure of the console", better: "less", gate: 4, goal: 2.5 },
  { id: "ssh-fail", title: "ssh-audit, failures", better: "less", gate: 0, goal: 0 },
  { id: "ssh-warn", title: "ssh-audit, warnings", better: "less", gate: 0, goal: 0 },
  { id: "openscap", title: "OpenSCAP, % of pass + fail (see below)", better: "more", gate: 90, goal: 95 },
  { id: "ports", title: "TCP ports open where none should be", better: "less", gate: 0, goal: 0 },
  { id: "ports-closed", title: "TCP ports closed that should be open", better: "less", gate: 0, goal: 0 },
  { id: "udp", title: "UDP ports that listen beyond the machine itself", better: "less", gate: 0, goal: 0 },
  { id: "setid", title: "setuid and setgid files", better: "less", gate: 4, goal: 2 },
  { id: "tools", title: "compilers, netcat, telnet, git", better: "less", gate: 0, goal: 0 },
  { id: "failed-units", title: "failed units", better: "less", gate: 0, goal: 0 },
  { id: "updates", title: "security updates missing at build time", better: "less", gate: 0, goal: 0 },
  { id: "world-writable", title: "world-writable files", better: "less", gate: 0, goal: 0 },
] as const satisfies readonly Gate[];

export type GateId = (typeof GATES)[number]["id"];

/** Whether a figure is as good as a line, or better. */
export function reaches({ better }: Pick<Gate, "better">, value: number, line: number): boolean {
  return better === "more" ? value >= line : value <= line;
}

export function gateOf(id: GateId): Gate {
  const gate = GATES.find((one) => one.id === id);
  if (gate === undefined) throw new Error(`no gate ${id}`);
  return gate;
}
