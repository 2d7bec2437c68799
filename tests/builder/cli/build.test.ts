import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { run } from "../../../builder/host/run.ts";
import { place } from "../kit/cli.ts";

const RECORD = "postern-0.1.0-debian-13-amd64.build.json";
const STATEMENT = "postern-0.1.0-debian-13-amd64.provenance.json";
const PAGE = "postern-0.1.0-debian-13-amd64.html";
const FILES = ["SHA256SUMS", "image.txt", RECORD, PAGE, STATEMENT, "right.txt"];

test("a build leaves whole artifacts with their sums and record, and the next one copies nothing", async (t) => {
  const { build, out, cache } = await place(t);
  const first = await build();
  t.is(first.code, 0, first.stderr);
  t.deepEqual((await readdir(out)).sort(), FILES);
  t.is(await readFile(join(out, "image.txt"), "utf8"), "left a text\nright a text\n");
  await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
  const record = JSON.parse(await readFile(join(out, RECORD), "utf8"));
  t.deepEqual(
    record.artifacts.map(({ file }: { file: string }) => file),
    ["image.txt", "right.txt"],
  );
  t.deepEqual(record.packages, [
    { name: "amd64-microcode", version: "1" },
    { name: "squid", version: "6.13", sha256: "5".repeat(64) },
  ]);
  t.deepEqual(
    record.stages.map(({ id }: { id: string }) => id),
    ["seed", "left", "right", "image"],
  );
  t.false(JSON.stringify(record).includes(cache), "no folder of this host in what is published");
  t.deepEqual(await readdir(join(cache, "tmp")), []);
  t.deepEqual(await readdir(join(cache, "locks")), []);
  t.deepEqual(await readdir(join(cache, "running")), []);

  const before = await Promise.all(FILES.map((name) => stat(join(out, name), { bigint: true })));
  const second = await build();
  t.is(second.code, 0, second.stderr);
  t.regex(second.stderr, /0 of 4 stages to run/);
  const after = await Promise.all(FILES.map((name) => stat(join(out, name), { bigint: true })));
  t.deepEqual(
    after.map(({ ino, ctimeNs }) => [ino, ctimeNs]),
    before.map(({ ino, ctimeNs }) => [ino, ctimeNs]),
  );
});

test("an artifact that was changed or taken away is put there again", async (t) => {
  const { build, out } = await place(t);
  await build();
  await run("sh", ["-c", 'rm "$1/right.txt"; printf x >> "$1/image.txt"', "sh", out]);
  await writeFile(join(out, "postern-0.1.0-debian-13-amd64.vhd"), "of another day");
  const again = await build();
  t.is(again.code, 0, again.stderr);
  t.regex(again.stderr, /^postern-0\.1\.0-debian-13-amd64\.vhd is from an earlier build/m);
  t.regex(again.stderr, /0 of 4 stages to run/);
  await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
  t.is(await readFile(join(out, "right.txt"), "utf8"), "right a text\n");
});

test("a changed input runs what depends on it, and says why", async (t) => {
  const { build, out } = await place(t);
  await build();
  const { stderr, code } = await build([], { FIXTURE_TEXT: "another\n" });
  t.is(code, 0, stderr);
  t.regex(stderr, /4 of 4 stages to run/);
  t.regex(stderr, /seed: text changed/);
  t.regex(stderr, /left: needs seed/);
  t.is(await readFile(join(out, "right.txt"), "utf8"), "right another\n");
});

test("a failed stage is named with its code; the next build goes on from what was finished", async (t) => {
  const { build, out } = await place(t);
  const failed = await build([], { FIXTURE_FAIL: "left" });
  t.is(failed.code, 5);
  t.regex(failed.stderr, /^error guest\.fixture: left: it was told to fail\nhint: Tell it not to\.$/m);
  t.false((await readdir(out)).includes("image.txt"));
  t.false((await readdir(out)).some((name) => name.endsWith(".build.json")));
  const next = await build();
  t.is(next.code, 0, next.stderr);
  t.regex(next.stderr, /seed: cached/);
});

test("--keep-going finishes and publishes what does not depend on the failure", async (t) => {
  const { build, out } = await place(t);
  const { code, stderr } = await build(["--keep-going"], { FIXTURE_FAIL: "left" });
  t.is(code, 5);
  t.deepEqual((await readdir(out)).sort(), ["SHA256SUMS", "right.txt"]);
  t.regex(stderr, /not run because of that: image/);
});

test("--debug keeps the files of a failed stage and says where", async (t) => {
  const { build, cache } = await place(t);
  const { stderr } = await build(["--debug"], { FIXTURE_FAIL: "left" });
  const [kept = ""] = await readdir(join(cache, "debug"));
  t.regex(kept, /^left-[0-9a-f]{16}$/);
  t.true(stderr.includes(join(cache, "debug", kept)));
  t.deepEqual(await readdir(join(cache, "tmp")), []);
});

test("--json prints nothing but events, one a line", async (t) => {
  const { build } = await place(t);
  const { stdout } = await build(["--json"]);
  const events: { event: string; stage?: string; outcome?: string }[] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.is(events[0]?.event === "note" ? "start" : events[0]?.event, "start");
  t.deepEqual(
    events
      .filter(({ event }) => event === "stage-end")
      .map(({ stage, outcome }) => [stage, outcome])
      .sort(),
    [
      ["image", "built"],
      ["left", "built"],
      ["right", "built"],
      ["seed", "built"],
    ],
  );
  t.is(events.filter(({ event }) => event === "artifact").length, 2);
  t.is(events.at(-1)?.event, "end");
  const failed = await build(["--json"], { FIXTURE_FAIL: "seed", FIXTURE_TEXT: "new" });
  t.true(failed.stdout.includes('"event":"error","stage":"seed","code":"guest.fixture"'));
});
