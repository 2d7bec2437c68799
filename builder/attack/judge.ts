import { requestHeads } from "./heads.ts";
import type { Limit, Must, Outcome, Probe, Reached, Verdict } from "./probe.ts";

/** 502, 503 and 504 are no refusal: the proxy has asked DNS or called somebody. */
const OWN_REFUSALS = [501, 505];

/** What of the demands did not hold; empty where all did. */
export function faultsOf(must: Must, outcome: Outcome): string[] {
  return [...answerFaults(must, outcome), ...closerFaults(must, outcome)];
}

/** The same without the answer itself, which is seen in what came. */
export function closerFaults(must: Must, outcome: Outcome): string[] {
  const { lacks = [], beyondLacks = [], beyond, isMute, cutWithin } = must;
  const { reached, text, tunnel, cutAfter } = outcome;
  const said = (reached ?? []).map(saidTo).join("\n");
  const requests = (reached ?? []).flatMap(({ bytes }) => requestHeads(bytes)).length;
  return [
    ...lacks.filter((pattern) => pattern.test(text)).map((pattern) => `what came has ${pattern}`),
    ...beyondLacks.filter((one) => one.test(said)).map((one) => `a server beyond was sent ${one}`),
    ...(beyond !== undefined && reached !== undefined && reached.length > 0 && requests !== beyond
      ? [`${requests} requests reached a server beyond, not ${beyond}`]
      : []),
    ...(isMute && tunnel !== "" ? ["something came back through the tunnel"] : []),
    ...(cutWithin !== undefined && (cutAfter === undefined || cutAfter > cutWithin)
      ? [`the connection was not ended within ${cutWithin / 1000} s`]
      : []),
  ];
}

/** What is known of a place beforehand. */
export interface Known {
  /** Limits that it has. */
  excused: ReadonlySet<Limit>;
  /** It may say no after a 200, before anything is called. */
  helloCheck: boolean;
}

export function judge(
  { must, limit }: Pick<Probe, "must" | "limit">,
  outcome: Outcome,
  { excused, helloCheck }: Known,
): Verdict {
  // Somebody who is not there refuses everything.
  if (outcome.kind === "unreachable") return must.answer === "passed" ? "hole" : "not run";
  if (faultsOf(must, helloCheck ? withoutOwn(outcome) : outcome).length === 0) return "held";
  return limit !== undefined && excused.has(limit) ? "limit" : "hole";
}

/**
 * Squid's own certificate for the hello check, as overlays/proxy has it made: its subject is CN=postern. On a port
 * with that check Squid answers a refused CONNECT with 200 and its page inside TLS of its own.
 */
const OWN_CERTIFICATE = "\x06\x03\x55\x04\x03\x0c\x07postern";

/** A tunnel that leads nowhere but to the proxy itself, or was ended without a byte, was none. */
function withoutOwn(outcome: Outcome): Outcome {
  const { cutAfter, tunnel, reached = [], statuses } = outcome;
  const isNone = (cutAfter !== undefined && tunnel === "") || tunnel.includes(OWN_CERTIFICATE);
  return isNone && reached.length === 0
    ? { ...outcome, statuses: statuses.filter((status) => status !== 200) }
    : outcome;
}

function answerFaults({ answer, cutWithin }: Must, { kind, statuses, reached = [] }: Outcome): string[] {
  if (answer === "either") return [];
  if (answer === "passed") {
    const isPassed = statuses.some((status) => status >= 200 && status < 300);
    return isPassed ? [] : ["it did not get through"];
  }
  const [first] = reached;
  if (first !== undefined) return [`${first.at} was reached`];
  // Who is made to wait has got nothing; how long he may wait is another demand.
  if (kind === "silent" && cutWithin === undefined) return ["no answer, and not closed"];
  const other = statuses.filter((status) => !isOwnRefusal(status));
  return other.length === 0 ? [] : [`status ${other.join(", ")} is no refusal`];
}

function isOwnRefusal(status: number): boolean {
  return (status >= 400 && status < 500) || OWN_REFUSALS.includes(status);
}

/** Where it went and what was said there: the heads of requests without their bodies, else all of it. */
function saidTo({ at, bytes }: Reached): string {
  const heads = requestHeads(bytes);
  return [`at ${at}`, ...(heads.length > 0 ? heads.map(({ head }) => head) : [bytes])].join("\n");
}
