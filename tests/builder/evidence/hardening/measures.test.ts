import test from "ava";
import { GATES, gateOf, reaches } from "../../../../builder/evidence/hardening/gates.ts";
import {
  type Measures,
  measuresTable,
  parseMeasures,
} from "../../../../builder/evidence/hardening/measures.ts";

const LINES = [
  ["lynis", 85, 85, true],
  ["lynis", 84, 85, false],
  ["exposure-ssh", 7, 7, true],
  ["exposure-ssh", 7.1, 7, false],
  ["setid", 5, 4, false],
] as const;
for (const [id, value, line, expected] of LINES) {
  test(`${id} at ${value} ${expected ? "reaches" : "misses"} ${line}`, (t) => {
    t.is(reaches(gateOf(id), value, line), expected);
  });
}

test("no goal is easier than its gate, and no gate is there twice", (t) => {
  for (const gate of GATES) t.true(reaches(gate, gate.goal, gate.gate), gate.id);
  t.is(new Set(GATES.map(({ id }) => id)).size, GATES.length);
});

const MEASURES: Measures = {
  format: 1,
  image: "a.ova",
  measures: [
    { id: "lynis", value: 87, command: "lynis", details: [] },
    { id: "setid", value: 5, command: "find", details: ["/usr/bin/su"] },
    { id: "udp", value: 0, command: "ss", details: [] },
  ],
  skipped: [{ id: "openscap", reason: "the archive does not answer" }],
};

test("the table says what was measured, what misses its line, and what was not measured", (t) => {
  const rows = new Map(
    measuresTable(MEASURES)
      .split("\n")
      .map((line) => line.split(" | "))
      .map(([title = "", , , last = ""]) => [title.replace("| ", ""), last.replace(" |", "")]),
  );
  t.is(rows.get("lynis index"), "87 (the goal is not reached)");
  t.is(rows.get("setuid and setgid files"), "**5** (below the gate)");
  t.regex(rows.get(gateOf("openscap").title) ?? "", /^not measured: the archive does not answer$/);
  t.is(rows.get("failed units"), "not measured");
  t.is(rows.get(gateOf("udp").title), "0");
});

test("measures are read back", (t) => {
  t.deepEqual(parseMeasures(JSON.stringify(MEASURES), "f"), MEASURES);
});

for (const text of [
  "",
  "[]",
  '{"format":2}',
  JSON.stringify({ ...MEASURES, measures: [{ id: "mood", value: 1 }] }),
]) {
  test(`no measures: ${text.slice(0, 60)}`, (t) => {
    t.throws(() => parseMeasures(text, "x.json"), { message: /^x\.json holds no measures/ });
  });
}
