import test from "ava";
import fc from "fast-check";
import { codeLengths, codeWords, LONGEST_CODE } from "../../../../builder/formats/deflate/huffman.ts";

const weights = fc.array(fc.oneof(fc.constant(0), fc.nat(20), fc.nat(60_000)), {
  minLength: 2,
  maxLength: 286,
});

test("a code uses all of its room and no more, and no word is too long", (t) => {
  fc.assert(
    fc.property(weights, fc.constantFrom(9, LONGEST_CODE), (list, limit) => {
      const lengths = new Uint8Array(list.length);
      codeLengths(Int32Array.from(list), limit, lengths);
      const used = list.filter((weight) => weight > 0).length;
      t.deepEqual(
        [...lengths].map((length) => length > 0),
        list.map((weight) => weight > 0),
      );
      t.true(Math.max(...lengths) <= limit);
      const room = lengths.reduce((sum, length) => sum + (length === 0 ? 0 : 2 ** -length), 0);
      if (used > 1) t.is(room, 1);
    }),
  );
});

test("weights that want the longest words are held to the limit", (t) => {
  // Each as heavy as the two before it: a tree with one leaf on each level.
  const fibonacci = [1, 1];
  while (fibonacci.length < 24) fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0));
  const lengths = new Uint8Array(fibonacci.length);
  codeLengths(Int32Array.from(fibonacci), 7, lengths);
  t.is(Math.max(...lengths), 7);
  t.is(
    lengths.reduce((sum, length) => sum + 2 ** -length, 0),
    1,
  );
});

test("no word is the beginning of another", (t) => {
  fc.assert(
    fc.property(weights, (list) => {
      const lengths = new Uint8Array(list.length);
      codeLengths(Int32Array.from(list), LONGEST_CODE, lengths);
      const words = new Uint16Array(list.length);
      codeWords(lengths, words);
      const texts = [...words].flatMap((word, symbol) => {
        const length = lengths[symbol] ?? 0;
        // The lowest bit is written first.
        return length === 0 ? [] : [[...word.toString(2).padStart(length, "0")].reverse().join("")];
      });
      const sorted = texts.toSorted();
      t.true(sorted.every((one, at) => at === 0 || !one.startsWith(sorted[at - 1] ?? "")));
    }),
  );
});

test("the words of the standard's example", (t) => {
  // RFC 1951, 3.2.2: lengths of A to H, and their words.
  const words = new Uint16Array(8);
  codeWords(Uint8Array.of(3, 3, 3, 3, 3, 2, 4, 4), words);
  const wanted = ["010", "011", "100", "101", "110", "00", "1110", "1111"];
  t.deepEqual(
    [...words],
    wanted.map((word) => Number.parseInt([...word].reverse().join(""), 2)),
  );
});
