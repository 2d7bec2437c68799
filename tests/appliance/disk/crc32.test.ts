import test from "ava";
import fc from "fast-check";
import { crc32, crc32c, crc32cUpdate } from "../../../appliance/disk/crc32.ts";

const CHECK = Buffer.from("123456789");

test("both polynomials give the check values of their catalogues", (t) => {
  t.is(crc32(CHECK), 0xcbf43926);
  t.is(crc32c(CHECK), 0xe3069283);
  // RFC 3720, appendix B.4: 32 bytes of zeros.
  t.is(crc32c(Buffer.alloc(32)), 0x8a9136aa);
});

test("a CRC of two parts is the CRC of the whole", (t) => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), fc.nat(), (first, second, seed) => {
      const whole = crc32cUpdate(seed, Buffer.concat([first, second]));
      t.is(crc32cUpdate(crc32cUpdate(seed, first), second), whole);
    }),
  );
});
