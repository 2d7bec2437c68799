import { appendFile, copyFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { parseRecord, recordText } from "../../../builder/evidence/record.ts";
import { run } from "../../../builder/host/run.ts";
import { scratch } from "../../kit/scratch.ts";
import { keyIn } from "../evidence/kit.ts";
import { type Ended, runCli } from "../kit/cli.ts";

const STEM = "postern-0.1.0-debian-13-amd64";
const RECORD = `${STEM}.build.json`;

interface Built {
  folder: string;
  out: string;
  release(...args: readonly string[]): Promise<Ended>;
  page(): Promise<string>;
}

/** One build for all tests, each with its own copy of what it left. */
let original = "";

test.before(async (t) => {
  original = await mkdtemp(join(tmpdir(), "postern-release-"));
  const words = ["build", "--recipe=/dev/null", `--cache=${original}/cache`, `--out=${original}/dist`];
  const { code, stderr } = await runCli(words, { cwd: original });
  t.is(code, 0, stderr);
});

test.after.always(() => rm(original, { recursive: true, force: true }));

async function built(t: ExecutionContext): Promise<Built> {
  const folder = await scratch(t);
  const out = join(folder, "dist");
  await cp(join(original, "dist"), out, { recursive: true });
  return {
    ...{ folder, out },
    release: (...args) => runCli(["release", out, ...args], { cwd: folder }),
    page: () => readFile(join(out, `${STEM}.html`), "utf8"),
  };
}

test("release writes the page, sums and signatures that a build wrote, byte for byte where nothing is new", async (t) => {
  const { release, out, page } = await built(t);
  const [before, names] = [await page(), await readdir(out)];
  const { code, stdout, stderr } = await release();
  t.is(code, 0, stderr);
  t.regex(stdout, new RegExp(`^${STEM}\\.html$`, "m"));
  t.is(await page(), before);
  t.deepEqual(await readdir(out), names);
  await rm(join(out, `${STEM}.html`));
  await rm(join(out, "SHA256SUMS"));
  t.is((await release()).code, 0);
  t.is(await page(), before);
  await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
});

test("--since tells the packages that changed, and the sums cover that page", async (t) => {
  const { release, out, folder, page } = await built(t);
  const record = parseRecord(await readFile(join(out, RECORD), "utf8"), RECORD);
  const packages = [
    { name: "amd64-microcode", version: "1" },
    { name: "squid", version: "6.12" },
    { name: "telnet", version: "0.17" },
  ];
  await writeFile(join(folder, "old.json"), recordText({ ...record, version: "0.0.9", packages }));
  const { code, stderr } = await release("--since", "old.json");
  t.is(code, 0, stderr);
  t.regex(await page(), /1 newer, 1 removed/);
  t.regex(await page(), /Since postern-0\.0\.9-debian-13-amd64/);
  await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
});

test("--sign-key signs what was built without a key; --json says what was written", async (t) => {
  const { release, out, folder } = await built(t);
  const key = await keyIn(folder, "key");
  const { code, stdout, stderr } = await release("--sign-key", key, "--json");
  t.is(code, 0, stderr);
  const told = JSON.parse(stdout);
  t.is(told.page, `${STEM}.html`);
  t.deepEqual(told.signatures.sort(), ["SHA256SUMS.sig", `${STEM}.provenance.json.sig`]);
  for (const name of [...told.files, ...told.signatures]) t.true((await readdir(out)).includes(name), name);
  const args = ["-Y", "check-novalidate", "-n", "postern", "-s", "SHA256SUMS.sig"];
  const input = await readFile(join(out, "SHA256SUMS"), "utf8");
  t.regex((await run("ssh-keygen", args, { cwd: out, input })).stdout, /^Good "postern" signature/);
});

const REFUSED: Readonly<
  Record<string, { change?(out: string): Promise<unknown>; args?: string[]; code: string; says: RegExp }>
> = {
  "an image that is not the record's": {
    change: (out) => appendFile(join(out, "image.txt"), "x"),
    code: "artifact.changed",
    says: /image\.txt/,
  },
  "a folder without a record": {
    change: (out) => rm(join(out, RECORD)),
    code: "input.release",
    says: /holds no record of a build/,
  },
  "two builds, and none named": {
    change: (out) => copyFile(join(out, RECORD), join(out, "other.build.json")),
    code: "input.release",
    says: /holds 2 builds/,
  },
  "a build that is not there": {
    args: [`--build=${STEM.replace("0.1.0", "0.1.1")}`],
    code: "input.release",
    says: /no build "postern-0\.1\.1.*did you mean postern-0\.1\.0/,
  },
  "an earlier record that is none": { args: ["--since=image.txt"], code: "input.release", says: /no record/ },
  "a key that is not there": { args: ["--sign-key=none"], code: "input.sign-key", says: /none/ },
};

for (const [name, { change, args = [], code, says }] of Object.entries(REFUSED)) {
  test(`${name}: refused, and nothing is written`, async (t) => {
    const { release, out, page } = await built(t);
    await change?.(out);
    const before = [await page(), await readFile(join(out, "SHA256SUMS"), "utf8"), ...(await readdir(out))];
    const ended = await release(...args);
    t.not(ended.code, 0);
    t.true(ended.stderr.includes(`error ${code}: `), ended.stderr);
    t.regex(ended.stderr, says);
    t.deepEqual(
      [await page(), await readFile(join(out, "SHA256SUMS"), "utf8"), ...(await readdir(out))],
      before,
    );
  });
}
