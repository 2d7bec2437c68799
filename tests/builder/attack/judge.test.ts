import test from "ava";
import { judge } from "../../../builder/attack/judge.ts";
import type { Must, Outcome, Reached, Verdict } from "../../../builder/attack/probe.ts";

const KNOWN = { excused: new Set<"sni" | "settings">(), helloCheck: false };
const REFUSED: Must = { answer: "refused" };
const PASSED: Must = { answer: "passed" };
const EITHER: Must = { answer: "either" };

function came(more: Partial<Outcome>): Outcome {
  const kind = (more.statuses ?? []).length > 0 ? "answers" : "silent";
  return { kind, statuses: [], text: "", tunnel: "", ...more };
}

const at: Reached = { at: "127.0.0.1:443", bytes: "GET / HTTP/1.1\r\nVia: x\r\n\r\n" };

const cases: readonly [what: string, must: Must, outcome: Outcome, verdict: Verdict][] = [
  ["a refusal", REFUSED, came({ statuses: [403] }), "held"],
  ["a hang-up", REFUSED, came({ kind: "closed", cutAfter: 3 }), "held"],
  ["no answer", REFUSED, came({}), "hole"],
  ["a tunnel", REFUSED, came({ statuses: [200] }), "hole"],
  ["somebody was called and was not there", REFUSED, came({ statuses: [503] }), "hole"],
  ["a refusal, and yet somebody was called", REFUSED, came({ statuses: [403], reached: [at] }), "hole"],
  ["two answers, one of them no refusal", REFUSED, came({ statuses: [403, 200] }), "hole"],
  ["bytes that are no answer", REFUSED, came({ statuses: [0] }), "hole"],
  ["a tunnel that must be", PASSED, came({ statuses: [200] }), "held"],
  ["a refusal of what must pass", PASSED, came({ statuses: [403] }), "hole"],
  ["nobody there for what must pass", PASSED, came({ kind: "unreachable" }), "hole"],
  ["nobody there", REFUSED, came({ kind: "unreachable" }), "not run"],
  ["a text that must not be", { ...REFUSED, lacks: [/v1/] }, came({ statuses: [403], text: "v1" }), "hole"],
  ["a text that must not go on", { ...EITHER, beyondLacks: [/^Via:/m] }, came({ reached: [at] }), "hole"],
  ["a place that must not be", { ...EITHER, beyondLacks: [/^at 127\./m] }, came({ reached: [at] }), "hole"],
  ["two requests for one", { ...EITHER, beyond: 1 }, came({ reached: [at, at] }), "hole"],
  ["one request for one", { ...EITHER, beyond: 1 }, came({ reached: [at] }), "held"],
  ["none, since it was refused", { ...EITHER, beyond: 1 }, came({ statuses: [400], reached: [] }), "held"],
  [
    "an answer through a mute tunnel",
    { ...EITHER, isMute: true },
    came({ statuses: [200], tunnel: "x" }),
    "hole",
  ],
  ["ended in time", { ...REFUSED, cutWithin: 9 }, came({ kind: "closed", cutAfter: 8 }), "held"],
  ["ended late", { ...REFUSED, cutWithin: 9 }, came({ kind: "closed", cutAfter: 10 }), "hole"],
  ["never ended", { ...REFUSED, cutWithin: 9 }, came({}), "hole"],
];

for (const [what, must, outcome, verdict] of cases) {
  test(`judged: ${what}`, (t) => t.is(judge({ must }, outcome, KNOWN), verdict));
}

test("a limit counts as one only where it is known of the place", (t) => {
  const probe = { must: REFUSED, limit: "sni" } as const;
  const outcome = came({ statuses: [200] });
  t.is(judge(probe, outcome, KNOWN), "hole");
  t.is(judge(probe, outcome, { ...KNOWN, excused: new Set(["sni"] as const) }), "limit");
  t.is(judge(probe, outcome, { ...KNOWN, excused: new Set(["settings"] as const) }), "hole");
});

test("where hellos are checked, a tunnel to the proxy itself or to nothing is none; one to somebody is", (t) => {
  const checked = { ...KNOWN, helloCheck: true };
  const own = "\x16\x03\x03...\x06\x03\x55\x04\x03\x0c\x07postern...";
  const judged = (more: Partial<Outcome>): Verdict =>
    judge({ must: REFUSED }, came({ statuses: [200], ...more }), checked);
  t.is(judged({ cutAfter: 5 }), "held");
  t.is(judged({ tunnel: own }), "held");
  t.is(judged({ tunnel: own, reached: [at] }), "hole");
  t.is(judged({ tunnel: "\x16\x03\x03" }), "hole");
  t.is(judged({}), "hole");
});
