import test from "ava";
import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  distanceSymbol,
  LENGTH_BASE,
  LENGTH_EXTRA,
  LENGTH_SYMBOL,
  LONGEST,
  WINDOW,
} from "../../../../builder/formats/deflate/symbols.ts";

test("every length and every distance is within what its symbol stands for", (t) => {
  for (let length = 3; length <= LONGEST; length++) {
    const symbol = LENGTH_SYMBOL[length] ?? 99;
    const beyond = length - (LENGTH_BASE[symbol] ?? 0);
    t.true(beyond >= 0 && beyond < 1 << (LENGTH_EXTRA[symbol] ?? 0), `length ${length}`);
  }
  for (let distance = 1; distance <= WINDOW; distance++) {
    const symbol = distanceSymbol(distance);
    const beyond = distance - (DISTANCE_BASE[symbol] ?? 0);
    if (beyond < 0 || beyond >= 1 << (DISTANCE_EXTRA[symbol] ?? 0)) t.fail(`distance ${distance}`);
  }
});

test("symbols that the standard's tables name", (t) => {
  // RFC 1951, 3.2.5: length 11 is code 265, 131 is 281, 258 is 285; distance 4097 is code 24, 24577 is 29.
  t.deepEqual(
    [11, 131, 258].map((length) => 257 + (LENGTH_SYMBOL[length] ?? 0)),
    [265, 281, 285],
  );
  t.deepEqual([1, 4, 5, 4097, 24577, 32768].map(distanceSymbol), [0, 3, 4, 24, 29, 29]);
});
