import type { Must, Outcome } from "./probe.ts";

const MOST = 90;

/** What was sent, on one line of plain ASCII. */
export function sentText(pieces: readonly string[]): string {
  return cutText(pieces.map(visible).join(" | "));
}

/** What must come, in words. */
export function mustText({ answer, lacks, beyondLacks, beyond, isMute, cutWithin }: Must): string {
  return [
    { refused: "refused", passed: "passed", either: "" }[answer],
    lacks === undefined ? "" : `without ${lacks.map(String).join(", ")}`,
    beyond === undefined ? "" : `${beyond} request${beyond === 1 ? "" : "s"} beyond`,
    beyondLacks === undefined ? "" : `beyond without ${beyondLacks.map(String).join(", ")}`,
    isMute ? "nothing back through the tunnel" : "",
    cutWithin === undefined ? "" : `ended within ${cutWithin / 1000} s`,
  ]
    .filter((part) => part !== "")
    .join("; ");
}

/** What came, in words. */
export function cameText({ kind, statuses, tunnel, cutAfter, reached = [] }: Outcome): string {
  const answers = statuses.map((status) => (status === 0 ? "bytes that are no HTTP answer" : String(status)));
  const parts = [
    ...(answers.length > 0 ? [answers.join(", ")] : []),
    ...(kind === "closed" && cutAfter !== undefined ? [`hung up after ${seconds(cutAfter)} s`] : []),
    ...(kind === "silent" ? ["no answer"] : []),
    ...(kind === "unreachable" ? ["no connection"] : []),
    ...(tunnel === "" ? [] : ["an answer through the tunnel"]),
    ...[...new Set(reached.map(({ at }) => `${at} reached`))],
  ];
  return parts.join("; ");
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? "0" : (milliseconds / 1000).toFixed(0);
}

/** Control characters, what is not ASCII, and backslashes, each as an escape. */
export function visible(text: string): string {
  const short = text.length > 400 ? `${text.slice(0, 200)}...(${text.length} bytes)` : text;
  return short.replace(/[^\x20-\x7e]|\\/g, (one) => {
    const named = { "\r": "\\r", "\n": "\\n", "\t": "\\t", "\\": "\\\\" }[one];
    return named ?? `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

function cutText(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST - 3)}...`;
}
