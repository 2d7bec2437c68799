import test from "ava";
import { keysFor } from "../boot/kit/typing.ts";

const TABLE: [string, string[]][] = [
  ["a", ["a"]],
  ["Z", ["shift", "z"]],
  ["7", ["7"]],
  ["/", ["slash"]],
  ["?", ["shift", "slash"]],
  ["_", ["shift", "minus"]],
  [":", ["shift", "semicolon"]],
  ["@", ["shift", "2"]],
  [")", ["shift", "0"]],
  ["\r", ["ret"]],
  [" ", ["spc"]],
];
for (const [character, keys] of TABLE) {
  test(`${JSON.stringify(character)} is ${keys.join("+")}`, (t) => {
    t.deepEqual(keysFor(character), keys);
  });
}

test("every printable character of ASCII has keys, and no two have the same", (t) => {
  const all = Array.from({ length: 95 }, (_, index) => keysFor(String.fromCharCode(32 + index)).join("+"));

  t.is(new Set(all).size, 95);
});

test("what is not on the keyboard is refused", (t) => {
  t.throws(() => keysFor("ä"), { message: /no key for "ä"/ });
});
