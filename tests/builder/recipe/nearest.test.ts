import test from "ava";
import fc from "fast-check";
import { distance, nearestWord } from "../../../builder/recipe/nearest.ts";

const WORDS = ["ubuntu-24.04", "ubuntu-26.04", "debian-13", "auto", "ova", "vhdx", "vhd", "qcow2"];

const CASES: [string, string | undefined][] = [
  ["vdhx", "vhdx"],
  ["OVA", "ova"],
  ["ovaa", "ova"],
  ["debian", "debian-13"],
  ["debain", "debian-13"],
  ["debian-12", "debian-13"],
  ["ubuntu", "ubuntu-24.04"],
  ["iso9660", undefined],
  ["fedora-44", undefined],
  ["", undefined],
];
for (const [word, meant] of CASES) {
  test(`${JSON.stringify(word)} means ${meant ?? "nothing known"}`, (t) => {
    t.is(nearestWord(word, WORDS), meant);
  });
}

test("the distance of words is symmetric, 0 only for the same, and at most the longer one's length", (t) => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      t.is(distance(a, b), distance(b, a));
      t.is(distance(a, b) === 0, a === b);
      t.true(distance(a, b) <= Math.max(a.length, b.length));
    }),
  );
});
