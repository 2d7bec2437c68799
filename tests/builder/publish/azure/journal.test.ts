import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { journalPath, openJournal } from "../../../../builder/publish/azure/journal.ts";
import { scratch } from "../../../kit/scratch.ts";

const PAGE = { offset: 4096, length: 512, md5: "0123456789abcdef0123456789abcdef" };
const OTHER = { ...PAGE, offset: 8192 };

test("what was acknowledged is there again, for its owner alone", async (t) => {
  const path = journalPath(join(await scratch(t), "publish"), "/subscriptions/x/disks/y");
  const first = await openJournal(path, "disk 1");
  await first.add(PAGE);
  await first.close();
  t.is((await stat(path)).mode & 0o777, 0o600);
  t.false((await readFile(path, "utf8")).includes("disk 1"));
  const again = await openJournal(path, "disk 1");
  t.deepEqual([...again.acknowledged], [["4096+512", PAGE.md5]]);
  await again.add(OTHER);
  await again.close();
  const third = await openJournal(path, "disk 1");
  t.is(third.acknowledged.size, 2);
  await third.remove();
  await third.close();
  await t.throwsAsync(stat(path), { code: "ENOENT" });
});

test("a disk that was made anew begins a new one", async (t) => {
  const path = journalPath(await scratch(t), "place");
  const first = await openJournal(path, "disk 1");
  await first.add(PAGE);
  await first.close();
  const second = await openJournal(path, "disk 2");
  t.is(second.acknowledged.size, 0);
  await second.close();
  const back = await openJournal(path, "disk 1");
  t.is(back.acknowledged.size, 0);
  await back.close();
});

test("a line that was cut, and anything else in it, is not believed and does no harm to the next", async (t) => {
  const path = journalPath(await scratch(t), "place");
  const first = await openJournal(path, "disk");
  await first.add(PAGE);
  await first.close();
  await appendFile(path, "page 99 1 zz\npage -5 12 0123456789abcdef0123456789abcdef\npage 4096 51");
  const second = await openJournal(path, "disk");
  t.deepEqual([...second.acknowledged.keys()], ["4096+512"]);
  await second.add(OTHER);
  await second.close();
  const third = await openJournal(path, "disk");
  t.deepEqual([...third.acknowledged.keys()], ["4096+512", "8192+512"]);
  await third.close();
  await writeFile(path, Buffer.from([0, 255, 10, 10]));
  const fourth = await openJournal(path, "disk");
  t.is(fourth.acknowledged.size, 0);
  await fourth.close();
});
