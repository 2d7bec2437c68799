import test from "ava";
import fc from "fast-check";
import { changesSince } from "../../../../builder/evidence/release/packages.ts";

const HASH = "1".repeat(64);

test("what changed is told by name, with both versions and the way that dpkg orders them", (t) => {
  const before = [
    { name: "gone", version: "1" },
    { name: "libc6", version: "2.41-12" },
    { name: "rebuilt", version: "1", sha256: HASH },
    { name: "same", version: "1", sha256: HASH },
    { name: "squid", version: "6.13-1" },
    { name: "zero", version: "1.0" },
  ];
  const now = [
    { name: "libc6", version: "2.41-12+deb13u1" },
    { name: "new", version: "3" },
    { name: "rebuilt", version: "1", sha256: "2".repeat(64) },
    { name: "same", version: "1", sha256: HASH },
    { name: "squid", version: "6.13~rc1-9" },
    { name: "zero", version: "0:1.0" },
  ];
  t.deepEqual(changesSince(before, now), [
    { kind: "removed", name: "gone", version: "1" },
    { kind: "newer", name: "libc6", before: "2.41-12", version: "2.41-12+deb13u1" },
    { kind: "added", name: "new", version: "3" },
    { kind: "rebuilt", name: "rebuilt", version: "1" },
    { kind: "older", name: "squid", before: "6.13-1", version: "6.13~rc1-9" },
    { kind: "rebuilt", name: "zero", version: "0:1.0" },
  ]);
});

const packages = fc.uniqueArray(
  fc.record({ name: fc.constantFrom("a", "b", "c", "d"), version: fc.constantFrom("1", "1-1", "2", "1~a") }),
  { selector: ({ name }) => name },
);

test("there and back: added and removed, newer and older change places; nothing changes to itself", (t) => {
  const back = { added: "removed", removed: "added", newer: "older", older: "newer", rebuilt: "rebuilt" };
  fc.assert(
    fc.property(packages, packages, (one, other) => {
      const there = changesSince(one, other).map(({ name, kind }) => [name, kind]);
      const again = changesSince(other, one).map(({ name, kind }) => [name, back[kind]]);
      t.deepEqual(there, again);
      t.deepEqual(changesSince(one, one), []);
    }),
  );
});
