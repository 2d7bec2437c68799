import test from "ava";
import { parseRecord, recordedRecipe, recordName } from "../../../builder/evidence/record.ts";

test("a record holds no folder of the build host, and nothing of its private key", (t) => {
  const recorded = recordedRecipe({
    base: "auto",
    formats: ["ova"],
    disk: { size: 16 },
    vm: { cpus: 2, memory: 4096 },
    hardware: [13, 17],
    ova: {},
    settings: "/home/me/site/answers.yaml",
    keyring: "/home/me/keys.gpg",
    admin: { sshKeys: [] },
    catalogueKeys: [],
    packages: [],
    overlays: ["/home/me/own"],
    version: "1.0.0",
    epoch: 1,
    sign: { key: "/home/me/secret.pem" },
  });
  t.like(recorded, { settings: "answers.yaml", keyring: "keys.gpg", signed: true });
  t.false(/home|secret/.test(JSON.stringify(recorded)));
});

test("a record is named after its build", (t) => {
  t.is(recordName("1.0.0", "debian-13"), "postern-1.0.0-debian-13-amd64.build.json");
});

for (const text of [
  "",
  "[]",
  '{"format":2,"artifacts":[]}',
  '{"format":1,"artifacts":[{"file":"a","size":"1"}]}',
]) {
  test(`no record: ${JSON.stringify(text)}`, (t) => {
    t.throws(() => parseRecord(text, "x.build.json"), {
      message: /^x\.build\.json is not the record of a build/,
    });
  });
}
