import { spawnSync } from "node:child_process";
import test from "ava";
import fc from "fast-check";
import { compareVersions } from "../../../builder/host/debversion.ts";
import { testWith } from "../../appliance/kit/tools.ts";

/** Each older than the next. */
const ORDER = [
  ...[
    "1.0~~",
    "1.0~rc1",
    "1.0~rc1+b1",
    "1.0",
    "1.0-0+deb13u1",
    "1.0-1~bpo12+1",
    "1.0-1",
    "1.0-1+b1",
    "1.0-1+b10",
  ],
  ...["1.0a", "1.0+dfsg", "1.0.1", "1.2", "1.10", "10", "1:0.5", "2:0.1"],
];

test("versions stand in the order of deb-version(7)", (t) => {
  for (const [index, older] of ORDER.entries()) {
    for (const newer of ORDER.slice(index + 1)) {
      t.true(compareVersions(older, newer) < 0, `${older} < ${newer}`);
      t.true(compareVersions(newer, older) > 0, `${newer} > ${older}`);
    }
  }
});

test("no epoch is epoch 0, no revision is revision 0, zeros in front say nothing", (t) => {
  for (const [a, b] of [
    ["1.0", "0:1.0"],
    ["1.0", "1.0-0"],
    ["1.007", "1.7"],
    ["00:1", "1"],
  ] as const)
    t.is(compareVersions(a, b), 0, `${a} = ${b}`);
});

const tail = fc.string({ unit: fc.constantFrom(..."0019abZ.+~"), maxLength: 6 });
const version = fc
  .tuple(
    fc.constantFrom("", "0:", "1:"),
    fc.nat(20),
    tail,
    fc.constantFrom("", "-1", "-0~a", "-1+b2", "-x-1"),
  )
  .map(([epoch, digit, text, revision]) => `${epoch}${digit}${text}${revision}`);

testWith(["dpkg"])("dpkg itself puts them in the same order", (t) => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      const order = compareVersions(a, b);
      const relation = order < 0 ? "lt" : order > 0 ? "gt" : "eq";
      const { status, stderr } = spawnSync("dpkg", ["--compare-versions", a, relation, b], {
        encoding: "utf8",
      });
      t.is(status, 0, `${a} ${relation} ${b} ${stderr}`);
    }),
    { numRuns: 150 },
  );
});
