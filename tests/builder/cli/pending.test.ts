import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { parseRecord } from "../../../builder/evidence/record.ts";
import { place } from "../kit/cli.ts";

const RECORD = "postern-0.1.0-debian-13-amd64.build.json";
const BUGFIX = { FIXTURE_PENDING: "bugfix" };
const SECURITY = { FIXTURE_PENDING: "security" };
const SILENCE = { FIXTURE_PENDING: "silence" };

async function pendingIn(out: string) {
  return parseRecord(await readFile(join(out, RECORD), "utf8"), RECORD).pending;
}

test("a build with nothing pending says so in its record", async (t) => {
  const { build, out } = await place(t);
  t.is((await build()).code, 0);
  t.deepEqual(await pendingIn(out), []);
});

test("a pending security update fails the build before anything is delivered, and names it", async (t) => {
  const { build, out } = await place(t);
  const { code, stderr } = await build([], SECURITY);
  t.is(code, 6);
  t.regex(stderr, /^error artifact\.pending-updates: .*1 security update/m);
  t.regex(stderr, /^ {2}squid 6\.13: 6\.14 \(security\)$/m);
  t.regex(stderr, /^hint: .*--refresh.*--allow-pending/m);
  t.deepEqual(await readdir(out), []);
});

test("--allow-pending builds, and the record keeps which; without the update it is gone from there", async (t) => {
  const { build, out } = await place(t);
  t.is((await build(["--allow-pending"], SECURITY)).code, 0);
  t.deepEqual(await pendingIn(out), [
    { name: "squid", installed: "6.13", available: "6.14", security: true },
  ]);
  t.is((await build()).code, 0);
  t.deepEqual(await pendingIn(out), []);
});

test("another update is told and recorded, and fails nothing", async (t) => {
  const { build, out } = await place(t);
  const { code, stderr } = await build([], BUGFIX);
  t.is(code, 0, stderr);
  t.regex(stderr, /pending: squid 6\.13: 6\.14$/m);
  t.deepEqual(await pendingIn(out), [
    { name: "squid", installed: "6.13", available: "6.14", security: false },
  ]);
});

test("an archive that does not answer is no pass; allowed, the record says that it was not asked", async (t) => {
  const { build, out } = await place(t);
  const { code, stderr } = await build([], SILENCE);
  t.is(code, 4);
  t.regex(stderr, /^error network\.pending/m);
  t.deepEqual(await readdir(out), []);
  const allowed = await build(["--allow-pending"], SILENCE);
  t.is(allowed.code, 0, allowed.stderr);
  t.regex(allowed.stderr, /not asked/);
  t.is(await pendingIn(out), "not asked");
});

test("a stage that failed before is told all the same", async (t) => {
  const { build, out } = await place(t);
  const { stderr } = await build(["--keep-going"], { ...SECURITY, FIXTURE_FAIL: "left" });
  t.regex(stderr, /^error guest\.fixture: left/m);
  t.regex(stderr, /^error artifact\.pending-updates/m);
  t.deepEqual(await readdir(out), []);
});
