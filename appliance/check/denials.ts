import { type Access, accessOf } from "../traffic/access.ts";

/** One refused request of Squid's access log. */
export interface Denial {
  /** Milliseconds since 1970. */
  time: number;
  client: string;
  /** `www.example.com:443`, as it was asked for. */
  target: string;
  /** The rule that refused it: manager, client, port, method, scheme, name, address. */
  rule: string;
}

/** A line of the log as a denial; undefined for anything else, also for a torn line. */
export function denialOf(line: string): Denial | undefined {
  const access = accessOf(line);
  return access === undefined ? undefined : denialFrom(access);
}

/** A request as a denial; undefined where it was not refused. */
export function denialFrom({ outcome, time, client, target, rule }: Access): Denial | undefined {
  return outcome === "refused" ? { time, client, target, rule } : undefined;
}
