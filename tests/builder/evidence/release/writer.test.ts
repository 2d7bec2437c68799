import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { bootText, imagesOf } from "../../../../builder/evidence/release/boot.ts";
import { releaseWriter } from "../../../../builder/evidence/release/writer.ts";
import { verifyPath } from "../../../../builder/evidence/verify.ts";
import { run } from "../../../../builder/host/run.ts";
import { scratch } from "../../../kit/scratch.ts";
import { quiet } from "../../disk/kit.ts";
import { buildIn, finish, signal } from "../kit.ts";
import { SCREEN } from "./kit.ts";

const STEM = "postern-1.0.0-debian-13-amd64";

async function sumsIn(folder: string): Promise<string[]> {
  await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: folder });
  return (await readFile(join(folder, "SHA256SUMS"), "utf8")).match(/\S+$/gm) ?? [];
}

test("the page stands over all of a build, and the sums over the page; again it is the same file", async (t) => {
  const folder = await scratch(t);
  await buildIn(folder, true);
  await finish(folder, { writers: [releaseWriter()] });
  const page = await readFile(join(folder, `${STEM}.html`), "utf8");
  for (const name of (await readdir(folder)).filter((one) => !/SHA256SUMS|\.html$/.test(one)))
    t.true(page.includes(name), name);
  t.true(page.includes("2 of 2 passed"));
  t.true((await sumsIn(folder)).includes(`${STEM}.html`));
  await finish(folder, { writers: [releaseWriter()] });
  t.is(await readFile(join(folder, `${STEM}.html`), "utf8"), page);
});

test("boot results of these images are shown and summed with their screens, those of others are not", async (t) => {
  const folder = await scratch(t);
  const record = await buildIn(folder, true);
  const screens = ["ova-bios", "gone", "broken"].map((machine) => ({
    machine,
    file: `${STEM}-boot-${machine}.png`,
  }));
  const results = {
    format: 1,
    images: imagesOf(record),
    matrix: "core",
    tests: [{ group: "2-vhdx", title: "the VHDX boots", result: "passed", seconds: 60 }],
    screens,
  } as const;
  await writeFile(join(folder, `${STEM}-boot.json`), bootText(results));
  await writeFile(join(folder, `${STEM}-boot-ova-bios.png`), SCREEN);
  await writeFile(join(folder, `${STEM}-boot-broken.png`), "no picture");
  await finish(folder, { writers: [releaseWriter()] });
  const page = await readFile(join(folder, `${STEM}.html`), "utf8");
  t.regex(page, /the VHDX boots/);
  t.is(page.match(/<img /g)?.length, 1);
  const sums = await sumsIn(folder);
  t.true(sums.includes(`${STEM}-boot.json`));
  t.true(sums.includes(`${STEM}-boot-ova-bios.png`));
  t.false(sums.includes(`${STEM}-boot-broken.png`));
  const verdicts = await verifyPath(folder, signal, quiet);
  const names = verdicts.map(({ file }) => file);
  for (const name of [`${STEM}.html`, `${STEM}-boot.json`]) t.true(names.includes(name), name);
  t.deepEqual(
    verdicts.flatMap(({ problems }) => problems),
    [],
  );

  const others = results.images.map((one) => ({ ...one, sha256: "9".repeat(64) }));
  const other = await scratch(t);
  await buildIn(other, true);
  await writeFile(join(other, `${STEM}-boot.json`), bootText({ ...results, images: others }));
  await finish(other, { writers: [releaseWriter()] });
  t.notRegex(await readFile(join(other, `${STEM}.html`), "utf8"), /the VHDX boots/);
  t.false((await sumsIn(other)).includes(`${STEM}-boot.json`));
});
