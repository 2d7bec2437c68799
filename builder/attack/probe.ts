/** What the probes are aimed at. */
export interface Aim {
  /** A name that the proxy lets through on port 443. */
  allowed: string;
  /** A name that it lets through by GET on port 80. */
  web: string;
  /** How the proxy is called and on which port, for requests that ask for itself. */
  proxy: string;
  port: number;
  /** More names of port 80, none of which was asked for before: Squid remembers where a name leads. */
  spareWebs: readonly string[];
  /** Any name below this one is allowed too; the lab's DNS makes some of them lead where they must not. */
  under: string;
  /** Half-open connections at once. */
  flood: number;
}

/** What must come of a probe. All that is said has to hold. */
export interface Must {
  /**
   * `refused`: the proxy itself says no (4xx, 501, 505) or hangs up, and asks nobody else.
   * `passed`: a tunnel or an answer comes from beyond.
   * `either`: both are well, as long as the rest holds.
   */
  answer: "refused" | "passed" | "either";
  /** Patterns that are nowhere in what came. */
  lacks?: readonly RegExp[];
  /** Patterns that are nowhere in what reached a server beyond; the lab alone can look. */
  beyondLacks?: readonly RegExp[];
  /** Requests that reach a server beyond, exactly, if any does; the lab alone can count. */
  beyond?: number;
  /** Nothing comes back through the tunnel that was opened. */
  isMute?: true;
  /** The proxy ends the connection within so many milliseconds. */
  cutWithin?: number;
}

/** What a probe needs that not every place has. Where it is missing, the probe is not run, and that is said. */
export const NEEDS = {
  dns: "needs a DNS server of the test's own, which the lab has",
  origin: "needs a server of the test's own beyond the proxy, as in the lab: it would reach somebody else's",
  stranger: "needs a client outside the allowed networks, which the lab has",
  itself: "has to come from the proxy's own machine, as in the lab",
  web: "needs a name that is allowed on port 80: --web NAME",
} as const;
export type Need = keyof typeof NEEDS;

/** What an appliance may leave open, and says so. */
export const LIMITS = {
  settings: "the settings of an appliance may open it on purpose",
  sni: "without the check of the name inside TLS, a tunnel to an allowed name carries anything",
} as const;
export type Limit = keyof typeof LIMITS;

/** One attack, as data. */
export interface Probe {
  id: string;
  topic: string;
  /** What an attacker tries, in words. */
  title: string;
  /** Bytes as latin1 text; each further piece goes out after an answer to the one before. */
  send(aim: Aim): readonly string[];
  must: Must;
  /** What is lost when it does not hold. */
  why: string;
  source?: string;
  needs?: readonly Need[];
  from?: "stranger" | "itself";
  /** Sent slowly, byte by byte, or left half open by many at once; else in one go. */
  way?: "slow" | "flood";
  /** Where an appliance may not claim to hold: then a pass is a limit that is written down, not a hole. */
  limit?: Limit;
  /** What the lab's DNS says for it. */
  names?(aim: Aim): Readonly<Record<string, readonly string[]>>;
  /** The same with another answer to each question. */
  turns?(aim: Aim): Readonly<Record<string, readonly (readonly string[])[]>>;
}

/** A server beyond the proxy that was reached. */
export interface Reached {
  /** Address and port on which it answered. */
  at: string;
  /** What came, as latin1; cut at some length. */
  bytes: string;
}

/** What came of sending it. */
export interface Outcome {
  /** `silent`: no whole answer in time. `closed`: hung up without one. */
  kind: "answers" | "closed" | "silent" | "unreachable";
  /** Status of each answer, in order. */
  statuses: readonly number[];
  /** All that came, as latin1; bounded. */
  text: string;
  /** What came after a tunnel was opened. */
  tunnel: string;
  /** Whether the proxy ended the connection, and after how many milliseconds. */
  cutAfter?: number;
  /** Known in the lab alone. */
  reached?: readonly Reached[];
}

export type Verdict = "held" | "hole" | "limit" | "not run";

/** A line of the report. */
export interface Row {
  id: string;
  topic: string;
  title: string;
  sent: string;
  must: string;
  came: string;
  verdict: Verdict;
  why: string;
  source?: string;
}
