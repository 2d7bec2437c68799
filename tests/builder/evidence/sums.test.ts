import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { writeSums } from "../../../builder/evidence/dist.ts";
import { parseSums, sumsText } from "../../../builder/evidence/sums.ts";
import { scratch } from "../../kit/scratch.ts";

const HASH = "0123456789abcdef".repeat(4);

test("what is written is read back, sorted", (t) => {
  const name = fc.stringMatching(/^[a-z0-9][\w. -]{0,20}$/);
  const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, hash), { selector: ([one]) => one }), (pairs) => {
      const sums = new Map(pairs);
      t.deepEqual(new Map([...parseSums(sumsText(sums), "f")].sort()), new Map([...sums].sort()));
    }),
  );
});

const WRONG = [
  `${HASH}  ../etc/passwd`,
  `${HASH}  ..`,
  `${HASH} name`,
  `${HASH.slice(1)}  name`,
  `${HASH.toUpperCase()}  name`,
  `\\${HASH}  a\\nb`,
  `${HASH}  twice\n${HASH}  twice`,
];
for (const text of WRONG) {
  test(`no sums: ${JSON.stringify(text.replaceAll(HASH, "<hash>"))}`, (t) => {
    t.throws(() => parseSums(`${text}\n`, "SHA256SUMS"), { message: /^SHA256SUMS, line \d: expected/ });
  });
}

test("the sums of another build in the same folder stay while its files do", async (t) => {
  const out = await scratch(t);
  await writeFile(join(out, "old.ova"), "");
  await mkdir(join(out, "folder.ova"));
  const other = HASH.replaceAll("0", "f");
  await writeFile(
    join(out, "SHA256SUMS"),
    `${HASH}  old.ova\n${HASH}  gone.ova\n${HASH}  new.ova\n${HASH}  folder.ova\n`,
  );
  await writeSums(out, new Map([["new.ova", other]]));
  t.is(await readFile(join(out, "SHA256SUMS"), "utf8"), `${other}  new.ova\n${HASH}  old.ova\n`);
});
