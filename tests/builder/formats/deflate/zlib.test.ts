import { inflateSync } from "node:zlib";
import test from "ava";
import fc from "fast-check";
import { deflate64k } from "../../../../builder/formats/deflate/zlib.ts";

const MOST = 65536;

/** Stretches of bytes that repeat each other, near and far, as files do. */
const repetitive = fc
  .array(
    fc.record({
      piece: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      times: fc.integer({ min: 1, max: 400 }),
      noise: fc.integer({ min: 0, max: 3000 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) =>
    Buffer.concat(
      parts.map(({ piece, times, noise }, at) => {
        const mixed = Buffer.alloc(noise, piece);
        for (let index = 0; index < noise; index += 3) mixed[index] = (index * 7919 + at) >> 3;
        return Buffer.concat([Buffer.alloc(piece.length * times, piece), mixed]);
      }),
    ).subarray(0, MOST),
  );

/** Bytes without any order, by a generator of its own: the same in every run. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, state = 1; at < length; at++) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

test("zlib inflates whatever was packed", (t) => {
  const any = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 5000 }), repetitive);
  fc.assert(
    fc.property(any, (bytes) => {
      t.true(inflateSync(deflate64k(bytes)).equals(bytes));
    }),
    { numRuns: 300 },
  );
});

const text = Buffer.from(Array.from({ length: 9000 }, (_, line) => `line ${line * line}\n`).join(""));
const corners: [string, Buffer][] = [
  ["one byte", Buffer.from("x")],
  ["two bytes", Buffer.from("xy")],
  ["three alike", Buffer.from("aaa")],
  ["zeros", Buffer.alloc(MOST)],
  ["one byte over and over", Buffer.alloc(MOST, 0xff)],
  ["every byte once", Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ["no order", noise(MOST)],
  ["no order, one less", noise(MOST - 1)],
  ["the farthest match", Buffer.concat([noise(32768), noise(300), noise(32768 - 300)])],
  ["just too far", Buffer.concat([Buffer.from("abcdefgh"), noise(32768), Buffer.from("abcdefgh")])],
  ["text", text.subarray(0, MOST)],
  [
    "text, then no order, then text",
    Buffer.concat([text.subarray(0, 20_000), noise(20_000), text.subarray(0, 20_000)]),
  ],
];
for (const [what, bytes] of corners) {
  test(`comes back: ${what}`, (t) => {
    const packed = deflate64k(bytes);
    t.true(inflateSync(packed).equals(bytes));
    // Stored in parts of 65535 bytes with five bytes before each; two of header and four of sum around them.
    t.true(packed.length <= bytes.length + 5 * Math.ceil(bytes.length / 65535) + 6 + 5);
  });
}

test("what was packed before changes nothing", (t) => {
  const first = Buffer.from(deflate64k(text.subarray(0, MOST)));
  deflate64k(noise(MOST));
  deflate64k(Buffer.from("abc"));
  t.true(first.equals(deflate64k(text.subarray(0, MOST))));
});

test("nothing, and more than 64 KiB, are refused", (t) => {
  for (const length of [0, MOST + 1])
    t.throws(() => deflate64k(new Uint8Array(length)), { instanceOf: RangeError });
});
