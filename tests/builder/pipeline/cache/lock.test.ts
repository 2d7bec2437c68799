import { link, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { type Holder, holderOfThisProcess, lifeOf, parseHolder } from "../../../../builder/host/holder.ts";
import { type Lock, takeLock } from "../../../../builder/pipeline/cache/lock.ts";
import { scratch } from "../../../kit/scratch.ts";
import { until } from "../../kit/wait.ts";

const never = new AbortController().signal;

test("one at a time, in whatever order they come, and nothing is left", async (t) => {
  const folder = await scratch(t);
  let inside = 0;
  let most = 0;
  let waited = 0;
  const work = async (): Promise<void> => {
    const lock = await takeLock(join(folder, "lock"), { signal: never, onWait: () => void waited++ });
    inside += 1;
    most = Math.max(most, inside);
    // Long enough that all others have tried.
    await until("the others wait", async () => (waited + 1 >= 3 ? true : undefined));
    inside -= 1;
    await lock.release();
  };
  await Promise.all([work(), work(), work()]);
  t.is(most, 1);
  t.deepEqual(await readdir(folder), []);
});

/** Holders that are dead for different reasons. */
const DEAD: [string, (me: Holder) => Partial<Holder>][] = [
  ["no process has its id", () => ({ pid: 4_194_303 })],
  ["its id was given to another process", ({ start }) => ({ start: `${Number(start) - 1}` })],
  ["the machine was started anew", () => ({ boot: "00000000-0000-4000-8000-000000000000" })],
];
for (const [why, change] of DEAD) {
  test(`the lock of a dead holder is taken over by exactly one: ${why}`, async (t) => {
    const folder = await scratch(t);
    const path = join(folder, "lock");
    const me = holderOfThisProcess();
    const dead = { ...me, ...change(me), token: "1-1-1" };
    t.is(await lifeOf(dead), "dead");
    await writeFile(path, JSON.stringify(dead));
    const taken: Lock[] = [];
    const all = Array.from({ length: 5 }, async () => {
      const lock = await takeLock(path, { signal: never, onWait: () => undefined });
      taken.push(lock);
      t.is(taken.length, 1);
      taken.pop();
      await lock.release();
    });
    await Promise.all(all);
    t.deepEqual(await readdir(folder), []);
  });
}

test("a lock that is no lock is nobody's", async (t) => {
  const path = join(await scratch(t), "lock");
  await writeFile(path, "{}");
  const lock = await takeLock(path, { signal: never, onWait: () => t.fail() });
  t.is(parseHolder(await readFile(path, "utf8"))?.pid, process.pid);
  await lock.release();
});

test("a wait ends with its signal, and says for whom it waits", async (t) => {
  const folder = await scratch(t);
  const path = join(folder, "lock");
  const elsewhere = { ...holderOfThisProcess(), host: "another.example", token: "1-1-1" };
  await writeFile(join(folder, "other"), JSON.stringify(elsewhere));
  await link(join(folder, "other"), path);
  const stop = new AbortController();
  const seen: string[] = [];
  const waiting = takeLock(path, {
    signal: stop.signal,
    onWait: ({ host }) => {
      seen.push(host);
      stop.abort(new Error("enough"));
    },
  });
  await t.throwsAsync(waiting);
  t.deepEqual(seen, ["another.example"]);
  t.deepEqual((await readdir(folder)).sort(), ["lock", "other"]);
});
