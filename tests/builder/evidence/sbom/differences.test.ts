import test from "ava";
import { differentPackages } from "../../../../builder/evidence/sbom/differences.ts";

test("packages that are missing, more, or of another version, sorted by name", (t) => {
  const should = [
    { name: "c", version: "1" },
    { name: "b", version: "1" },
    { name: "same", version: "1" },
  ];
  const is = [
    { name: "same", version: "1" },
    { name: "c", version: "2" },
    { name: "a", version: "1" },
  ];
  t.deepEqual(
    [...differentPackages(should, is, "the SBOM")],
    ["a 1 is not in the SBOM", "b 1 is only in the SBOM", "c is 2, and 1 in the SBOM"],
  );
  t.deepEqual([...differentPackages(should, should, "the SBOM")], []);
});
