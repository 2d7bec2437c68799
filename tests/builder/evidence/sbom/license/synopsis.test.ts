import test from "ava";
import { joinTerms, termsOfSynopsis } from "../../../../../builder/evidence/sbom/license/synopsis.ts";

for (const [synopsis, terms] of [
  ["A", ["A"]],
  ["A and B", ["A", "B"]],
  ["A or B", ["A OR B"]],
  ["B or A or B", ["A OR B"]],
  ["A or B and C", ["A OR B AND C"]],
  ["A or B, and C", ["A OR B", "C"]],
  ["A or  B, AND\tC and D", ["A OR B", "C", "D"]],
  ["A with B exception or C", ["A with B exception OR C"]],
  // The format gives these no meaning.
  ["A, B", ["A, B"]],
  ["A or B, or C", ["A or B, or C"]],
  ["A and/or B", ["A and/or B"]],
] as const) {
  test(`"${synopsis}"`, (t) => {
    t.deepEqual(
      termsOfSynopsis(synopsis, (name) => name),
      terms,
    );
  });
}

test("terms are joined once each, sorted, with a choice in brackets unless it stands alone", (t) => {
  t.is(joinTerms(["B", "A OR C", "B", "A"]), "A AND (A OR C) AND B");
  t.is(joinTerms(["A OR C"]), "A OR C");
});
