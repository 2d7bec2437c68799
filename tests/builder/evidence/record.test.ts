import test from "ava";
import { parseRecord, recordedRecipe, recordName, recordText } from "../../../builder/evidence/record.ts";
import { RECIPE } from "../recipe/sample.ts";
import { record } from "../reproduce/kit.ts";

test("a record holds no folder of the build host, and nothing of its private key", (t) => {
  const recorded = recordedRecipe({
    ...RECIPE,
    settings: "/home/me/site/answers.yaml",
    keyring: "/home/me/keys.gpg",
    overlays: ["/home/me/own"],
    sign: { key: "/home/me/secret.pem" },
  });
  t.like(recorded, { settings: "answers.yaml", keyring: "keys.gpg", signed: true });
  t.false(/home|secret/.test(JSON.stringify(recorded)));
});

test("a record is named after its build", (t) => {
  t.is(recordName("1.0.0", "debian-13"), "postern-1.0.0-debian-13-amd64.build.json");
});

test("a record that is written is read back as it was", (t) => {
  t.deepEqual(parseRecord(recordText(record()), "x.build.json"), record());
});

test("a record names no file outside its own folder", (t) => {
  const [artifact] = record().artifacts;
  const text = recordText({
    ...record(),
    artifacts: [{ ...artifact, file: "../x.ova", size: 1, sha256: "1".repeat(64) }],
  });
  t.throws(() => parseRecord(text, "x.build.json"), { message: /artifacts\[0\]\.file/ });
});

const BROKEN: Readonly<Record<string, string>> = {
  nothing: "",
  "a list": "[]",
  "an earlier format": '{"format":1,"artifacts":[]}',
  "half of it": '{"format":2,"artifacts":[]}',
  "a base that is none": recordText({ ...record(), base: "debian-12" as "debian-13" }),
  "a digest that is none": recordText({ ...record(), packages: [{ name: "a", version: "1", sha256: "zz" }] }),
};

for (const [name, text] of Object.entries(BROKEN)) {
  test(`no record: ${name}`, (t) => {
    t.throws(() => parseRecord(text, "x.build.json"), {
      message: /^x\.build\.json is not the record of a build/,
    });
  });
}
