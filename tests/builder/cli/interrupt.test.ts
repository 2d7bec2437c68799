import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { type Place, place } from "../kit/cli.ts";
import { fileText, isRunning, until, untilGone } from "../kit/wait.ts";

/** A build that hangs in a child process of one stage. */
async function hanging(here: Place, stage = "left") {
  const mark = join(here.folder, "mark");
  const running = here.start([], { FIXTURE_HANG: stage, FIXTURE_MARK: mark });
  const child = Number((await fileText(mark)).trim());
  return { ...running, child: running.child, stage: child };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} stops the stage's child, leaves nothing and ends with 130`, async (t) => {
    const here = await place(t);
    const { child, ended, stage } = await hanging(here);
    t.true(isRunning(stage));
    child.kill(signal);
    const { code, stderr } = await ended;
    t.is(code, 130, stderr);
    t.regex(stderr, /^interrupted: /m);
    t.false(/^error/m.test(stderr));
    await untilGone(stage);
    for (const folder of ["tmp", "locks", "running"]) {
      t.deepEqual(await readdir(join(here.cache, folder)), [], folder);
    }
    t.deepEqual(await readdir(here.out), []);
    const next = await here.build();
    t.is(next.code, 0, next.stderr);
    t.regex(next.stderr, /seed: cached/, "what was finished stays");
  });
}

test("a second Ctrl-C ends it at once, and its child with it", async (t) => {
  const here = await place(t);
  const { child, ended, stage } = await hanging(here);
  child.kill("SIGINT");
  child.kill("SIGINT");
  t.is((await ended).code, 130);
  await untilGone(stage);
  t.is((await here.build()).code, 0);
});

test("kill -9 in a stage: its child goes, and the next build clears up and works", async (t) => {
  const here = await place(t);
  const { child, ended, stage } = await hanging(here, "seed");
  child.kill("SIGKILL");
  await ended;
  await untilGone(stage);
  t.is((await readdir(join(here.cache, "tmp"))).length, 1);
  const { code, stderr } = await here.build();
  t.is(code, 0, stderr);
  t.regex(stderr, /removed what 1 stage\(s\) of a build that was killed had left/);
  for (const folder of ["tmp", "locks", "running"]) {
    t.deepEqual(await readdir(join(here.cache, folder)), [], folder);
  }
  t.is(await readFile(join(here.out, "image.txt"), "utf8"), "left a text\nright a text\n");
});

test("two builds at once: the second waits, says for whom, and uses what the first made", async (t) => {
  const here = await place(t);
  const first = await hanging(here, "seed");
  const second = here.start();
  let seen = "";
  second.child.stderr?.on("data", (text) => {
    seen += text;
  });
  const waiting = await until(
    "the second build says that it waits",
    async () => /seed: waiting for process (\d+) on \S+ \(postern build .*\), which makes it/.exec(seen)?.[1],
  );
  t.is(waiting, String(first.child.pid));
  t.true(isRunning(first.stage));
  // The first one dies without a word; the second takes its lock over.
  first.child.kill("SIGKILL");
  const { code, stderr } = await second.ended;
  t.is(code, 0, stderr);
  t.regex(stderr, /seed: built/);
});

test("builds at once make each entry once and all succeed", async (t) => {
  const here = await place(t);
  const ends = await Promise.all([here.build(), here.build(), here.build()]);
  for (const { code, stderr } of ends) t.is(code, 0, stderr);
  for (const id of ["seed", "left", "right", "image"]) {
    const made = ends.filter(({ stderr }) => new RegExp(`^${id}: built`, "m").test(stderr)).length;
    t.is(made, 1, id);
  }
  t.deepEqual(await readdir(join(here.cache, "tmp")), []);
  t.deepEqual(
    (await readdir(here.out)).filter((name) => name.startsWith(".")),
    [],
  );
});
