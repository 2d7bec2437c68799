import test from "ava";
import { type Strength, strengthOf } from "../../../appliance/access/strength.ts";

const CASES: readonly [password: string, word: Strength["word"], why: RegExp | undefined][] = [
  ["aaaaaaaaaaaa", "weak", /repeats itself/],
  ["abcabcabcabc", "weak", /repeats itself/],
  ["qwertyuiop12", "weak", /rows of keys/],
  ["123456789012", "weak", /rows of keys/],
  ["Postern2026!", "weak", /tried first/],
  ["contoso-proxy", "weak", /tried first/],
  ["sunflowerrain", "weak", undefined],
  ["correct horse battery", "fair", undefined],
  ["correct horse battery staple", "good", undefined],
  ["xK9#mQ2!vL7p", "good", undefined],
  ["xK9#mQ2!vL7pR4&t", "strong", undefined],
  ["seven tall green bottles fell off the wall", "strong", undefined],
];

for (const [password, word, why] of CASES) {
  test(`${password} is ${word}`, (t) => {
    const strength = strengthOf(password, "contoso-dc1.example.com");

    t.is(strength.word, word);
    if (why === undefined) t.deepEqual(strength.why, []);
    else t.regex(strength.why.join("; "), why);
  });
}

test("a longer password is never called weaker for more of the same kind", (t) => {
  const words = ["weak", "fair", "good", "strong"];
  const random = "xK9#mQ2!vL7pR4&tZw8%";
  const found = [...random].map((_, index) => words.indexOf(strengthOf(random.slice(0, index + 1), "").word));

  t.deepEqual(found, found.toSorted());
});
