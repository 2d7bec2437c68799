import test from "ava";
import {
  type BootResults,
  bootText,
  imagesOf,
  isOfBuild,
  MOST_SCREENS,
  parseBootResults,
} from "../../../../builder/evidence/release/boot.ts";
import { record } from "../../reproduce/kit.ts";

const RESULTS: BootResults = {
  format: 1,
  images: imagesOf(record()),
  matrix: "core",
  shard: "1/2",
  tests: [
    { group: "1-ova", title: "it boots", result: "passed", seconds: 61.2 },
    { group: "", title: "it does not", result: "skipped", seconds: 0, reason: "no root" },
  ],
  screens: [{ machine: "ova-bios", file: "x-boot-ova-bios.png" }],
};

test("results that are written are read back as they were", (t) => {
  t.deepEqual(parseBootResults(bootText(RESULTS), "x"), RESULTS);
});

test("results belong to a build by the digests of the images, and to no other", (t) => {
  const own = record();
  t.true(isOfBuild(RESULTS, own));
  const other = own.artifacts.map((one) => ({ ...one, sha256: "9".repeat(64) }));
  t.false(isOfBuild(RESULTS, { artifacts: other }));
  t.false(isOfBuild({ ...RESULTS, images: [] }, own), "results of nothing are of no build");
  t.false(isOfBuild(RESULTS, { artifacts: [] }));
});

const BROKEN: Readonly<Record<string, unknown>> = {
  nothing: "",
  "another format": { ...RESULTS, format: 2 },
  "a result that is none": { ...RESULTS, tests: [{ group: "", title: "x", result: "maybe", seconds: 1 }] },
  "a picture in another folder": { ...RESULTS, screens: [{ machine: "x", file: "../x-boot-a.png" }] },
  "a picture that is no screen": { ...RESULTS, screens: [{ machine: "x", file: "secret.txt" }] },
  "a heap of pictures": {
    ...RESULTS,
    screens: Array.from({ length: MOST_SCREENS + 1 }, () => RESULTS.screens[0]),
  },
};

for (const [name, value] of Object.entries(BROKEN)) {
  test(`no results: ${name}`, (t) => {
    t.throws(() => parseBootResults(JSON.stringify(value), "x-boot.json"), {
      message: /^x-boot\.json holds no results of boot tests/,
    });
  });
}
