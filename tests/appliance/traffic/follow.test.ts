import { appendFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { readBack } from "../../../appliance/traffic/backwards.ts";
import { Follower } from "../../../appliance/traffic/follow.ts";
import { tempFolder } from "../kit/temp.ts";

async function followed(t: ExecutionContext, text: string): Promise<{ path: string; follower: Follower }> {
  const path = join(tempFolder(t), "access.log");
  writeFileSync(path, text);
  const { place } = await readBack(path, 1 << 20, () => true);
  const follower = new Follower(path, place);
  t.teardown(() => follower.close());
  return { path, follower };
}

test("only what was added comes, and a line only when it is whole", async (t) => {
  const { path, follower } = await followed(t, "old\nbegun");

  t.deepEqual(await follower.read(), []);
  appendFileSync(path, " and ended\nnext\nhal");
  t.deepEqual(await follower.read(), ["begun and ended", "next"]);
  appendFileSync(path, "f\n");
  t.deepEqual(await follower.read(), ["half"]);
  t.deepEqual(await follower.read(), []);
});

test("after a rotation both files are read, as a writer may still have the old one", async (t) => {
  const { path, follower } = await followed(t, "old\n");
  await follower.read();

  appendFileSync(path, "before\n");
  renameSync(path, `${path}.1`);
  t.deepEqual(await follower.read(), ["before"], "the new one is not there yet");
  writeFileSync(path, "after\n");
  appendFileSync(`${path}.1`, "late\n");
  t.deepEqual(await follower.read(), ["late", "after"]);
  appendFileSync(`${path}.1`, "later\n");
  appendFileSync(path, "more\n");
  t.deepEqual(await follower.read(), ["later", "more"]);

  renameSync(path, `${path}.1`);
  writeFileSync(path, "third\n");
  t.deepEqual(await follower.read(), ["third"]);
});

test("a rotation between reading back and the first look loses nothing", async (t) => {
  const { path, follower } = await followed(t, "old\n");

  appendFileSync(path, "before\n");
  renameSync(path, `${path}.1`);
  writeFileSync(path, "after\n");

  t.deepEqual(await follower.read(), ["before", "after"]);
});

test("a log that was cut off is read from its beginning", async (t) => {
  const { path, follower } = await followed(t, "a long line of old text\n");
  await follower.read();

  truncateSync(path);
  appendFileSync(path, "new\n");

  t.deepEqual(await follower.read(), ["new"]);
});

test("a log that is not there yet is waited for", async (t) => {
  const path = join(tempFolder(t), "access.log");
  const follower = new Follower(path);
  t.teardown(() => follower.close());

  t.deepEqual(await follower.read(), []);
  writeFileSync(path, "first\n");
  t.deepEqual(await follower.read(), ["first"]);
});
