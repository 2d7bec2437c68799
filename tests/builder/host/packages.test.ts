import test from "ava";
import { lackError } from "../../../builder/host/lacks.ts";
import {
  findProbe,
  hostPackages,
  installCommand,
  isAtLeast,
  parsePackages,
} from "../../../builder/host/packages.ts";

test("the list of packages is right: each once, sorted into build and test", async (t) => {
  const packages = await hostPackages();
  t.true(packages.length > 15);
  t.is(new Set(packages.map(({ name }) => name)).size, packages.length);
  for (const one of ["mmdebstrap", "packer", "qemu-utils"]) {
    t.is(packages.find(({ name }) => name === one)?.when, "build", one);
  }
});

for (const line of [
  "squid",
  "squid | squid | a | never",
  "Squid | squid | a | build",
  "a b | c | d | build",
  "ab | c > 1 | d | build",
]) {
  test(`no line of the list: ${line}`, (t) => {
    t.throws(() => parsePackages(line));
  });
}

test("a line's parts", (t) => {
  t.deepEqual(parsePackages("# note\n\n e2fs | mke2fs >= 1.46 | makes file systems | build\n"), [
    { name: "e2fs", probe: "mke2fs", minimum: "1.46", purpose: "makes file systems", when: "build" },
  ]);
});

const VERSIONS: [string, string, boolean][] = [
  ["1.10.0", "1.9", true],
  ["1.6.6", "1.6.6", true],
  ["1.6", "1.6.0", true],
  ["1.6.5", "1.6.6", false],
  ["1.47.0", "1.46", true],
  ["absent", "1", false],
  ["10", "9.9.9", true],
];
for (const [have, want, enough] of VERSIONS) {
  test(`${have} is ${enough ? "" : "not "}at least ${want}`, (t) => {
    t.is(isAtLeast(have, want), enough);
  });
}

test("probes are commands in PATH, or files", async (t) => {
  t.is(await findProbe("sh", "/nowhere::/bin"), "/bin/sh");
  t.is(await findProbe("sh", "/nowhere"), undefined);
  t.is(await findProbe("/etc/passwd", ""), "/etc/passwd");
  t.is(await findProbe("/etc/no-such", "/"), undefined);
});

test("all lacks make one error, with one command for all packages", (t) => {
  const [squid, ufw] = parsePackages("squid | squid | a | test\nufw | ufw | b | test");
  t.true(squid !== undefined && ufw !== undefined);
  if (squid === undefined || ufw === undefined) return;
  const error = lackError([
    { what: "squid", found: "absent", problem: "squid is missing", mend: "m", package: squid },
    { what: "fine", found: "1" },
    { what: "ufw", found: "absent", problem: "ufw is missing", mend: "m", package: ufw },
    { what: "memory", found: "1", problem: "memory: 1 free", mend: "free memory", room: true },
  ]);
  t.is(error?.code, "host.lacks");
  t.is(error?.message.split("\n").length, 4);
  t.is(error?.hint, `${installCommand(["squid", "ufw"])}; free memory`);
  t.is(lackError([{ what: "fine", found: "1" }]), undefined);
});
