import test from "ava";
import fc from "fast-check";
import {
  derivedUuid,
  diskIds,
  guidBytes,
  guidText,
  serialText,
  uuidBytes,
  uuidText,
} from "../../../appliance/disk/ids.ts";

test("the same seed gives the same ids, and no two ids of a disk are the same", (t) => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const ids = diskIds(seed);
      t.deepEqual(ids, diskIds(seed));
      t.is(new Set(Object.values(ids)).size, Object.keys(ids).length);
    }),
  );
});

test("seeds and purposes do not run into each other", (t) => {
  t.not(derivedUuid("ab", "c"), derivedUuid("a", "bc"));
  t.not(diskIds("a").rootUuid, diskIds("b").rootUuid);
});

test("a UUID carries version 8 and the variant of RFC 9562", (t) => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      t.regex(
        derivedUuid(seed, "x"),
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

test("a GUID has its first three fields little endian", (t) => {
  // The ESP type as UEFI prints it and as it stands on disks.
  const text = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
  t.is(guidBytes(text).toString("hex"), "28732ac11ff8d211ba4b00a0c93ec93b");
  t.is(uuidBytes(text).toString("hex"), "c12a7328f81f11d2ba4b00a0c93ec93b");
});

test("bytes and text are each other's inverse", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (raw) => {
      const bytes = Buffer.from(raw);
      t.deepEqual(guidBytes(guidText(bytes)), bytes);
      t.deepEqual(uuidBytes(uuidText(bytes)), bytes);
    }),
  );
});

test("what is no UUID is refused", (t) => {
  for (const text of [
    "",
    "c12a7328",
    "g12a7328-f81f-11d2-ba4b-00a0c93ec93b",
    "c12a7328f81f11d2ba4b00a0c93ec93b",
  ]) {
    t.throws(() => uuidBytes(text), { instanceOf: TypeError });
  }
});

test("a FAT serial is written in two halves", (t) => {
  t.is(serialText(0x1a2b3c4d), "1A2B-3C4D");
  t.is(serialText(7), "0000-0007");
});
