import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { type CliOptions, type Ended, type Place, place, runCli } from "../kit/cli.ts";

const RECORD = "postern-0.1.0-debian-13-amd64.build.json";

interface Built extends Place {
  reproduce(args?: readonly string[], env?: CliOptions["env"]): Promise<Ended>;
}

/** A place where the fixture was built once. */
async function built(t: ExecutionContext): Promise<Built> {
  const where = await place(t);
  const first = await where.build();
  t.is(first.code, 0, first.stderr);
  const words = ["reproduce", join(where.out, RECORD), "--recipe=/dev/null", `--cache=${where.cache}`];
  return {
    ...where,
    reproduce: (args = [], env = {}) =>
      runCli([...words, ...args], { cwd: where.folder, env: { HOME: join(where.folder, "home"), ...env } }),
  };
}

test("the same bytes again: everything is built anew, said to be the same, and gone afterwards", async (t) => {
  const { reproduce, cache, out } = await built(t);
  const before = await readdir(out);
  const { code, stdout, stderr } = await reproduce();
  t.is(code, 0, stderr);
  t.regex(stderr, /^seed: built/m);
  t.regex(stdout, /^same +image\.txt/m);
  t.regex(stdout, /^same +right\.txt/m);
  t.deepEqual(await readdir(join(cache, "reproduce")), []);
  t.deepEqual(await readdir(out), before);
});

test("an artifact that differs is named, with the stage that it comes from", async (t) => {
  const { reproduce } = await built(t);
  const { code, stdout, stderr } = await reproduce(["--json"], { FIXTURE_VARY: "right" });
  t.is(code, 6);
  t.regex(stderr, /^error artifact\.differs: 2 of 2 files are not the same: image\.txt, right\.txt$/m);
  const report = JSON.parse(stdout);
  t.like(report.artifacts[0], { file: "image.txt", same: false, trail: ["image", "right"] });
  t.deepEqual(report.artifacts[0].parts, ["byte 25 of the file"]);
  t.like(report.artifacts[1], { file: "right.txt", same: false, trail: ["right"] });
  t.deepEqual(
    report.stages.map(({ id, differs }: { id: string; differs: string[] }) => [id, differs]),
    [
      ["seed", []],
      ["left", []],
      ["right", ["right.txt"]],
      ["image", ["image.txt"]],
    ],
  );
});

test("without the first build's artifact the stages still tell", async (t) => {
  const { reproduce, out } = await built(t);
  await rm(join(out, "image.txt"));
  await writeFile(join(out, "right.txt"), "somebody else's");
  const { code, stdout } = await reproduce([], { FIXTURE_VARY: "seed" });
  t.is(code, 6);
  t.regex(stdout, /comes from seed -> left -> image/);
  t.regex(stdout, /image\.txt is not beside the record/);
  t.regex(stdout, /right\.txt beside the record is not the recorded one/);
});

const CONDITIONS = [
  {
    name: "another tool",
    env: { FIXTURE_CAT: "9.2" },
    code: 3,
    error: /^error host\.other-tools: .*1 thing is not the same\n {2}cat is 9\.2, was 9\.1$/m,
  },
  {
    name: "another source, and another tool in the same breath",
    env: { FIXTURE_CAT: "9.2", FIXTURE_TEXT: "another\n" },
    code: 2,
    error: /^error input\.other-build: .*2 things .*\n {2}cat is 9\.2, was 9\.1\n {2}seed: text is another/m,
  },
  {
    name: "another version in the archive",
    env: { FIXTURE_SQUID: "6.14" },
    code: 4,
    error: /^error network\.other-versions: .*\n {2}squid 6\.13: the archive gives 6\.14$/m,
  },
];

for (const { name, env, code, error } of CONDITIONS) {
  test(`${name} is told before anything is built`, async (t) => {
    const { reproduce } = await built(t);
    const ended = await reproduce([], env);
    t.is(ended.code, code, ended.stderr);
    t.regex(ended.stderr, error);
    t.notRegex(ended.stderr, /^seed: start/m);
  });
}

test("--anyway goes on, and says what is not the same", async (t) => {
  const { reproduce } = await built(t);
  const { code, stdout, stderr } = await reproduce(["--anyway"], { FIXTURE_TEXT: "another\n" });
  t.is(code, 6);
  t.regex(stderr, /^not the same: seed: text is another/m);
  t.regex(stdout, /comes from seed -> left -> image/);
});

test("--keep leaves the second build, and clean takes it away", async (t) => {
  const { reproduce, cache, folder } = await built(t);
  const { code, stderr } = await reproduce(["--keep"]);
  t.is(code, 0, stderr);
  const [, kept = ""] = /^kept: (.*)$/m.exec(stderr) ?? [];
  t.true((await readdir(join(kept, "cache", "stages"))).some((name) => name.startsWith("image-")));
  const cleaned = await runCli(["clean", "--yes", `--cache=${cache}`], { cwd: folder });
  t.is(cleaned.code, 0, cleaned.stderr);
  t.deepEqual(await readdir(join(cache, "reproduce")), []);
});

test("what is no record is refused, with a way on", async (t) => {
  const { folder } = await place(t);
  const cases = [
    { words: [], error: /^error input\.rebuild: no record is named/m, code: 2 },
    { words: ["gone.build.json"], error: /^error input\.rebuild: there is no record .*gone/m, code: 2 },
    { words: ["bad.build.json"], error: /^error artifact\.record: /m, code: 6 },
    { words: ["bad.build.json", "--security-mirror=ftp://x"], error: /--security-mirror/m, code: 2 },
  ];
  await writeFile(join(folder, "bad.build.json"), '{"format":2}');
  for (const { words, error, code } of cases) {
    const ended = await runCli(["reproduce", "--recipe=/dev/null", ...words], { cwd: folder });
    t.is(ended.code, code, ended.stderr);
    t.regex(ended.stderr, error);
    t.regex(ended.stderr, /^hint: /m);
  }
});

test("the record holds nothing but what is the same in every place", async (t) => {
  const [one, two] = [await built(t), await built(t)];
  const read = ({ out }: Place) => readFile(join(out, RECORD), "utf8");
  t.is(await read(one), await read(two));
});
