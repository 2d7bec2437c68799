import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import type { EvidenceWriter } from "../../../builder/evidence/finish.ts";
import { run } from "../../../builder/host/run.ts";
import { scratch } from "../../kit/scratch.ts";
import { allowedIn, buildIn, finish, KEY_TYPES, keyIn, SIGNER, sha256, turnBit } from "./kit.ts";

const STEM = "postern-1.0.0-debian-13-amd64";
const STATEMENT = `${STEM}.provenance.json`;
const SIGNED = ["SHA256SUMS", STATEMENT];

async function inodes(folder: string): Promise<Record<string, bigint>> {
  const names = (await readdir(folder)).sort();
  const stats = await Promise.all(names.map((name) => stat(join(folder, name), { bigint: true })));
  return Object.fromEntries(names.map((name, index) => [name, stats[index]?.ino ?? 0n]));
}

/** Of the signature of a file, by the tool that made it; its first line names the key. */
async function signer(folder: string, name: string): Promise<string> {
  const args = ["-Y", "check-novalidate", "-n", "postern", "-s", join(folder, `${name}.sig`)];
  return (await run("ssh-keygen", args, { input: await readFile(join(folder, name), "utf8") })).stdout;
}

for (const type of KEY_TYPES) {
  test(`${type}: sums over everything, signatures that sha256sum and ssh-keygen take, and a second run changes nothing`, async (t) => {
    const [folder, keys] = [await scratch(t), await scratch(t)];
    await buildIn(folder);
    const key = await keyIn(keys, "k", type);
    const finished = await finish(folder, { key });
    t.deepEqual([...finished.signed].sort(), SIGNED);
    await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: folder });
    const sums = await readFile(join(folder, "SHA256SUMS"), "utf8");
    const summed = (await readdir(folder)).filter((name) => !/^SHA256SUMS$|\.sig$/.test(name)).sort();
    t.deepEqual(sums.match(/\S+$/gm), summed);
    const allowed = await allowedIn(keys, key);
    for (const name of SIGNED) {
      const args = ["-Y", "verify", "-f", allowed, "-I", SIGNER, "-n", "postern", "-s", `${name}.sig`];
      await run("ssh-keygen", args, { cwd: folder, input: await readFile(join(folder, name), "utf8") });
    }
    const before = await inodes(folder);
    await finish(folder, { key });
    t.deepEqual(await inodes(folder), before);
    // Who has no key now takes nothing away from what holds.
    await finish(folder);
    t.deepEqual(await inodes(folder), before);
  });
}

test("a signature over other bytes is gone before these are there, and another key replaces one that holds", async (t) => {
  const [folder, keys] = [await scratch(t), await scratch(t)];
  await buildIn(folder);
  const [first, second] = [await keyIn(keys, "first"), await keyIn(keys, "second")];
  await finish(folder, { key: first });
  const page = pageWriter("page\n");
  await finish(folder, { writers: [page] });
  const left = (await readdir(folder)).filter((name) => name.endsWith(".sig"));
  t.deepEqual(left, [`${STATEMENT}.sig`], "the statement did not change, the sums did");
  await finish(folder, { key: second, writers: [page] });
  const { stdout } = await run("ssh-keygen", ["-l", "-f", second]);
  for (const name of SIGNED) t.true((await signer(folder, name)).includes(stdout.split(" ")[1] ?? "-"), name);
});

function pageWriter(text: string, seen: string[] = []): EvidenceWriter {
  return async ({ folder, stem, record, statement }) => {
    seen.push(...(await readdir(folder)), record.version, statement.predicateType);
    await writeFile(join(folder, `${stem}.html`), text);
    return [`${stem}.html`];
  };
}

test("more evidence is written between statement and sums, and is in the sums", async (t) => {
  const folder = await scratch(t);
  await buildIn(folder);
  const seen: string[] = [];
  const { files } = await finish(folder, { writers: [pageWriter("page\n", seen)] });
  t.true(seen.includes(STATEMENT) && seen.includes("https://slsa.dev/provenance/v1"));
  t.false(seen.includes("SHA256SUMS"));
  t.true(files.includes(`${STEM}.html`));
  const sums = await readFile(join(folder, "SHA256SUMS"), "utf8");
  t.true(sums.includes(`${sha256(Buffer.from("page\n"))}  ${STEM}.html\n`));
});

test("nothing is vouched for that is not what the record says, and all of it is told at once", async (t) => {
  const [folder, keys] = [await scratch(t), await scratch(t)];
  await buildIn(folder);
  await turnBit(join(folder, `${STEM}-hardening.json`));
  await rm(join(folder, `${STEM}-hardening.html`));
  const before = await readdir(folder);
  const failed = finish(folder, { key: await keyIn(keys, "k") });
  const error = await t.throwsAsync(failed, { code: "artifact.changed" });
  t.regex(
    error?.message ?? "",
    /hardening\.json: it has other bytes\n {2}\S+hardening\.html: it cannot be read$/,
  );
  t.deepEqual(await readdir(folder), before);
});

test("a key that does not sign leaves all but the signatures, and no half of one", async (t) => {
  const [folder, keys] = [await scratch(t), await scratch(t)];
  await buildIn(folder);
  const [one, other] = [await keyIn(keys, "one"), await keyIn(keys, "other")];
  // ssh-keygen takes the .pub beside a key for granted.
  await writeFile(`${one}.pub`, await readFile(`${other}.pub`));
  const error = await t.throwsAsync(finish(folder, { key: one }), { code: "input.sign-key" });
  t.notRegex(error?.message ?? "", /PRIVATE/);
  t.deepEqual(
    (await readdir(folder)).filter((name) => /sig|part/.test(name)),
    [],
  );
  await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: folder });
});
