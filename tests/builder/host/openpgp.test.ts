import { readFile } from "node:fs/promises";
import test from "ava";
import { keyFingerprints } from "../../../builder/host/openpgp.ts";

const DEBIAN = "/usr/share/keyrings/debian-archive-keyring.gpg";

test("the keys of Debian's own keyring are read", async (t) => {
  const fingerprints = keyFingerprints(await readFile(DEBIAN));

  // Debian Archive Automatic Signing Key (12/bookworm).
  t.true(fingerprints.includes("B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8"));
});

test("bytes that are no keyring are refused", (t) => {
  t.throws(() => keyFingerprints(Buffer.from("no keyring")), { instanceOf: RangeError });
  t.throws(() => keyFingerprints(Buffer.from([0xc6, 50, 4, 1])), { instanceOf: RangeError });
  t.deepEqual(keyFingerprints(Buffer.alloc(0)), []);
});
