import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { leaveBootResults, whyNoResults } from "../../../builder/commands/bootresults.ts";
import { isOfBuild, MOST_SCREENS, parseBootResults } from "../../../builder/evidence/release/boot.ts";
import { scratch } from "../../kit/scratch.ts";
import { buildIn } from "../evidence/kit.ts";
import { SCREEN } from "../evidence/release/kit.ts";

const STEM = "postern-1.0.0-debian-13-amd64";
const TESTS = [{ group: "1-ova", title: "it boots", result: "passed", seconds: 60 }] as const;

test("results and screens lie beside the images that they are of, in the place of earlier ones", async (t) => {
  const out = await scratch(t);
  const screens = join(out, "screens");
  await mkdir(screens);
  const record = await buildIn(out, true);
  t.is(await whyNoResults(out), undefined);
  for (const name of ["ova-bios.png", "vhdx-ide.png"]) await writeFile(join(screens, name), SCREEN);
  await writeFile(join(screens, "broken.png"), "no picture");
  await writeFile(join(screens, "notes.txt"), "no picture");
  const left = await leaveBootResults({ out, screens, tests: TESTS, matrix: "core", shard: "2/4" });
  t.deepEqual(left, [`${STEM}-boot.json`, `${STEM}-boot-ova-bios.png`, `${STEM}-boot-vhdx-ide.png`]);
  const results = parseBootResults(await readFile(join(out, `${STEM}-boot.json`), "utf8"), "x");
  t.like(results, { matrix: "core", shard: "2/4", tests: TESTS });
  t.true(isOfBuild(results, record));
  t.true((await readFile(join(out, `${STEM}-boot-ova-bios.png`))).equals(SCREEN));

  const fewer = join(out, "fewer");
  await mkdir(fewer);
  await leaveBootResults({ out, screens: fewer, tests: TESTS, matrix: "all" });
  t.deepEqual(
    (await readdir(out)).filter((name) => name.includes("-boot")),
    [`${STEM}-boot.json`],
  );
});

test("no more screens are kept than a page shows", async (t) => {
  const out = await scratch(t);
  const screens = join(out, "screens");
  await mkdir(screens);
  await buildIn(out, true);
  for (let index = 10; index < 11 + MOST_SCREENS; index++)
    await writeFile(join(screens, `machine-${index}.png`), SCREEN);
  const left = await leaveBootResults({ out, screens, tests: TESTS, matrix: "all" });
  t.is(left.length, 1 + MOST_SCREENS);
});

test("a folder without a record, with two, or that is not there, takes none", async (t) => {
  const out = await scratch(t);
  t.regex((await whyNoResults(out)) ?? "", /holds 0 records/);
  t.regex((await whyNoResults(join(out, "none"))) ?? "", /holds 0 records/);
  await buildIn(out);
  await writeFile(join(out, "other.build.json"), "{}");
  t.regex((await whyNoResults(out)) ?? "", /holds 2 records/);
});

(process.getuid?.() === 0 ? test.skip : test)("a folder that cannot be written takes none", async (t) => {
  const out = await scratch(t);
  await buildIn(out);
  await chmod(out, 0o500);
  t.regex((await whyNoResults(out)) ?? "", /cannot be written/);
  await chmod(out, 0o700);
});
