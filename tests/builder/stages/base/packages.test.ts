import test from "ava";
import {
  parsePackageList,
  parseSimulation,
  versionChanges,
} from "../../../../builder/stages/base/packages.ts";

test("apt's simulation is read, whatever else it prints", (t) => {
  const output = [
    "I: running apt-get update...",
    "Inst libc6 (2.41-12+deb13u5 Debian:13.8/stable [amd64]) []",
    "Inst squid [6.12-1] (6.13-2+deb13u4 Debian-Security:13/stable-security [amd64])",
    "Conf libc6 (2.41-12+deb13u5 Debian:13.8/stable [amd64])",
    "Inst bsdutils (1:2.41.5-0+deb13u1 Debian:13.8/stable, Debian-Security:13/stable-security [amd64])",
  ].join("\n");

  t.deepEqual(parseSimulation(output), [
    { name: "bsdutils", version: "1:2.41.5-0+deb13u1" },
    { name: "libc6", version: "2.41-12+deb13u5" },
    { name: "squid", version: "6.13-2+deb13u4" },
  ]);
});

test("the list of what is installed has the archive's digests where there are any", (t) => {
  const text = `b\t2-1\tall\tsrc\t2\t${"a".repeat(64)}\na\t1\tamd64\ta\t1\t\n`;
  t.deepEqual(parsePackageList(text), [
    { name: "a", version: "1" },
    { name: "b", version: "2-1", sha256: "a".repeat(64) },
  ]);
});

test("a changed version is told, another choice of a dependency is not", (t) => {
  const resolved = [
    { name: "a", version: "1" },
    { name: "only-resolved", version: "1" },
  ];
  const installed = parsePackageList("a\t2\tamd64\ta\t2\nonly-installed\t1\tall\tx\t1\n");

  t.deepEqual(versionChanges(resolved, installed), ["a: 1 -> 2"]);
});
