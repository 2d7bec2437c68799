import test from "ava";
import { extendedText, parseDeb822 } from "../../../../builder/evidence/sbom/deb822.ts";
import { parseDpkgStatus } from "../../../../builder/evidence/sbom/dpkg.ts";
import { STATUS } from "./kit.ts";

test("paragraphs: names in any case, values in several lines, comments, blank lines", (t) => {
  const paragraphs = parseDeb822("\n# note\nA: 1\nb-C:  x \n y\n .\n   z\n\n \nA: 2\n");
  t.deepEqual(
    paragraphs.map((fields) => Object.fromEntries(fields)),
    [{ a: "1", "b-c": "x\n y\n .\n   z" }, { a: "2" }],
  );
  t.is(extendedText(paragraphs[0]?.get("b-c") ?? ""), "y\n\n  z");
  t.deepEqual(parseDeb822(""), []);
});

for (const [what, text] of [
  ["no field", "A: 1\nnothing"],
  ["a value of no field", " A: 1"],
  ["the same field twice", "A: 1\na: 2"],
] as const) {
  test(`a paragraph with ${what} is refused`, (t) => {
    t.throws(() => parseDeb822(text), { instanceOf: SyntaxError });
  });
}

test("what is installed, sorted; what is gone is not", (t) => {
  const packages = parseDpkgStatus(STATUS);
  t.deepEqual(
    packages.map(({ name }) => name),
    ["auditd", "libc6", "libstdc++6", "postern-netcat"],
  );
  t.deepEqual(packages[0], {
    name: "auditd",
    version: "1:4.0.2-2+deb13u1",
    architecture: "amd64",
    source: { name: "audit", version: "1:4.0.2-2+deb13u1" },
    summary: "User space tools",
    needs: [
      ["init-system-helpers", "postern-netcat"],
      ["libc-bin-api"],
      ["libstdc++6", "libstdc++7"],
      ["libc6"],
    ],
    provides: [],
  });
  t.deepEqual(packages[2]?.source, { name: "gcc-14", version: "14.2.0-19" });
  t.deepEqual(packages[1]?.provides, ["libc-bin-api"]);
});

for (const [what, change] of [
  ["no version", (text: string) => text.replace("Version: 1.0\n", "")],
  ["a version that is none", (text: string) => text.replace("Version: 1.0\n", "Version: 1.0 x\n")],
  ["a name that leads out", (text: string) => text.replace("Package: libc6", "Package: ../libc6")],
  ["no status", (text: string) => text.replace("Status: hold ok installed\n", "")],
  ["a package twice", (text: string) => `${text}\n${text}`],
] as const) {
  test(`a status file with ${what} is refused`, (t) => {
    const changed = change(STATUS);
    t.not(changed, STATUS);
    t.throws(() => parseDpkgStatus(changed), { instanceOf: SyntaxError });
  });
}
