import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { place, runCli } from "../kit/cli.ts";
import { fileText, untilGone } from "../kit/wait.ts";

test("clean shows and asks; with --yes it frees what the last build did not use", async (t) => {
  const here = await place(t);
  const clean = (...args: string[]) =>
    runCli(["clean", `--cache=${here.cache}`, ...args], { cwd: here.folder });
  t.regex((await clean()).stdout, /can be freed: 0 B/);
  await here.build([], { FIXTURE_TEXT: "old" });
  await here.build();
  await writeFile(join(here.cache, "damaged", "base-0.1-1-1"), "damaged");
  await mkdir(join(here.cache, "debug", "base-0"));

  for (const args of [[], ["--dry-run"], ["--dry-run", "--yes"]]) {
    const { code, stdout } = await clean(...args);
    t.is(code, 0);
    t.regex(stdout, /stays:.*\n( {2}\S+ +\S+ \S+ +the last build used it\n){4}/);
    t.is((await readdir(join(here.cache, "stages"))).length, 8, "nothing goes without a yes");
  }
  t.regex((await clean("--yes")).stdout, /freed [1-9]/);
  t.is((await readdir(join(here.cache, "stages"))).length, 4);
  t.deepEqual(await readdir(join(here.cache, "damaged")), []);
  t.deepEqual(await readdir(join(here.cache, "debug")), []);
  t.regex((await here.build()).stderr, /0 of 4 stages to run/);

  await clean("--all", "--yes");
  t.deepEqual(await readdir(join(here.cache, "stages")), []);
  t.is((await here.build()).code, 0);
});

test("what a running build uses stays, even with --all", async (t) => {
  const here = await place(t);
  await here.build();
  const mark = join(here.folder, "mark");
  const { child, ended } = here.start([], { FIXTURE_TEXT: "new", FIXTURE_HANG: "left", FIXTURE_MARK: mark });
  const stage = Number((await fileText(mark)).trim());
  const { stdout } = await runCli(["clean", "--all", "--yes", `--cache=${here.cache}`], { cwd: here.folder });
  t.regex(stdout, / {2}left-[0-9a-f]{16}\.\S+ .* a build makes it now\n/);
  t.regex(stdout, / {2}seed-[0-9a-f]{16} .* a build uses it now\n/);
  t.true((await readdir(join(here.cache, "tmp"))).length >= 1);
  t.true((await readdir(join(here.cache, "stages"))).some((name) => name.startsWith("seed-")));
  child.kill("SIGINT");
  t.is((await ended).code, 130);
  await untilGone(stage);
});
