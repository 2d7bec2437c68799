import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { findProbe, hostPackages } from "../../../builder/host/packages.ts";
import { run } from "../../../builder/host/run.ts";
import { scratch } from "../../kit/scratch.ts";
import { type Place, place } from "../kit/cli.ts";

/**
 * Puts a command into a mount namespace where something is mounted first; nothing of it is seen outside.
 * Also for people who are not root, where they may make user namespaces.
 */
function withMount(options: string, folder: string): string[] {
  const root = process.geteuid?.() === 0 ? [] : ["--map-root-user"];
  const script = 'mount -t tmpfs -o "$1" none "$2"; shift 2; exec "$@"';
  return ["unshare", "--mount", ...root, "sh", "-euc", script, "sh", options, folder];
}

async function builds(t: ExecutionContext, { build, out }: Place): Promise<void> {
  const next = await build();
  t.is(next.code, 0, next.stderr);
  await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
}

test("an output folder that is a file is found before anything is built", async (t) => {
  const here = await place(t);
  await writeFile(here.out, "");
  const { code, stderr } = await here.build();
  t.is(code, 2);
  t.regex(stderr, /^error input\.out: .* is not a folder$/m);
  t.false((await readdir(here.folder)).includes("cache"), "nothing was built");
  await run("rm", [here.out]);
  await builds(t, here);
});

test("a read-only output folder is found before anything is built, also by root", async (t) => {
  const here = await place(t);
  await mkdir(here.out);
  const { code, stderr } = await here.build([], {}, withMount("ro", here.out));
  t.is(code, 3, stderr);
  t.regex(stderr, /^error host\.permission: EROFS/m);
  t.regex(stderr, /^hint: .*--out/m);
  t.false((await readdir(here.folder)).includes("cache"));
  await builds(t, here);
});

test("a disk that is too small is reported with what is needed, before anything is built", async (t) => {
  const here = await place(t);
  await mkdir(here.cache);
  const { code, stderr } = await here.build([], {}, withMount("size=64m", here.cache));
  t.is(code, 3);
  t.regex(stderr, /^error host\.lacks: /m);
  t.regex(stderr, /disk for the cache \(.*\): 64\.0 MiB free, 10\.0 GiB needed/);
  t.false(/seed: start/.test(stderr));
  await builds(t, here);
});

test("a disk that gets full in a stage: one clear error, nothing half-made, and the next build works", async (t) => {
  const here = await place(t);
  await mkdir(here.cache);
  // No inodes left is ENOSPC too, on a disk with plenty of room.
  const wrap = withMount("size=20g,nr_inodes=300", here.cache);
  const list = ["sh", "-c", '"$@"; code=$?; find "$0/tmp" -mindepth 1; exit "$code"', here.cache];
  const { code, stdout, stderr } = await here.build([], { FIXTURE_MANY: "right" }, [...wrap, ...list]);
  t.is(code, 3, stderr);
  t.regex(stderr, /^error host\.disk-full: right: no space left on the disk: ENOSPC/m);
  t.is(stdout, "", "nothing is left of the stage");
  t.deepEqual(await readdir(here.out), []);
  await builds(t, here);
});

test("a full output disk leaves no half-written image", async (t) => {
  const here = await place(t);
  await mkdir(here.out);
  const wrap = withMount("size=20g,nr_inodes=3", here.out);
  const list = ["sh", "-c", '"$@"; code=$?; ls -A "$0" >&2; exit "$code"', here.out];
  const { code, stderr } = await here.build([], {}, [...wrap, ...list]);
  t.is(code, 3, stderr);
  t.regex(stderr, /^error host\.disk-full: /m);
  t.regex(stderr, /\nimage\.txt\nright\.txt\n$/, "only whole files");
  await builds(t, here);
});

test("missing and old tools are reported together, with the command that installs them", async (t) => {
  const here = await place(t);
  const tools = await scratch(t);
  for (const { probe } of await hostPackages()) {
    const found = await findProbe(probe);
    if (!probe.startsWith("/") && found !== undefined) await symlink(found, join(tools, probe));
  }
  const sh = await findProbe("sh");
  await symlink(sh ?? "", join(tools, "sh"));
  await run("rm", [join(tools, "packer"), join(tools, "qemu-img"), join(tools, "mmdebstrap")]);
  await writeFile(join(tools, "mmdebstrap"), "#!/bin/sh\necho mmdebstrap 1.2.9\n");
  await chmod(join(tools, "mmdebstrap"), 0o755);
  const { code, stderr } = await here.build([], { PATH: tools });
  t.is(code, 3);
  t.regex(stderr, /^error host\.lacks: this host lacks 3 things/m);
  t.regex(stderr, /packer is missing/);
  t.regex(stderr, /qemu-img is missing/);
  t.regex(stderr, /mmdebstrap is 1\.2\.9, and 1\.3 is the least that works/);
  t.regex(stderr, /^hint: .*apt-get install --no-install-recommends mmdebstrap qemu-utils packer$/m);
  await builds(t, here);
});

test("a damaged entry is moved away, said in one line, and built again", async (t) => {
  const here = await place(t);
  await here.build();
  const sums = await readFile(join(here.out, "SHA256SUMS"), "utf8");
  const entries = await readdir(join(here.cache, "stages"));
  const entry = (id: string): string =>
    join(here.cache, "stages", entries.find((name) => name.startsWith(`${id}-`)) ?? "");
  const cases: { how: string; damage: () => Promise<unknown>; line: RegExp }[] = [
    {
      how: "a shorter file",
      damage: () => writeFile(join(entry("right"), "right.txt"), "r"),
      line: /right: its cache entry is damaged \(file right\.txt has another size\): moved away, built again/,
    },
    {
      how: "a missing file",
      damage: () => run("rm", [join(entry("image"), "image.txt")]),
      line: /image: its cache entry is damaged \(file image\.txt is missing\)/,
    },
    {
      how: "no entry.json",
      damage: () => writeFile(join(entry("seed"), "entry.json"), "{"),
      line: /seed: its cache entry is damaged \(entry\.json\)/,
    },
    {
      how: "other bytes of the same size and time, found when a stage reads them",
      damage: async () => {
        await turnByte(join(entry("left"), "left.txt"));
        await run("rm", ["-r", entry("image")]);
      },
      line: /left: its cache entry is damaged \(file left\.txt has other bytes\)/,
    },
    {
      how: "other bytes of an artifact, found when it is copied",
      damage: async () => {
        await turnByte(join(entry("image"), "image.txt"));
        await run("rm", [join(here.out, "image.txt")]);
      },
      line: /image: its cache entry is damaged \(file image\.txt has other bytes\)/,
    },
  ];
  for (const { how, damage, line } of cases) {
    await damage();
    const { code, stderr } = await here.build();
    t.is(code, 0, `${how}: ${stderr}`);
    t.is(stderr.split("\n").filter((one) => line.test(one)).length, 1, `${how}: ${stderr}`);
    t.is(await readFile(join(here.out, "SHA256SUMS"), "utf8"), sums, how);
    await run("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: here.out });
  }
});

/** Changes one byte and nothing that stat(2) shows but ctime. */
async function turnByte(path: string): Promise<void> {
  const { stdout } = await run("stat", ["--format=%.9Y", path]);
  const bytes = await readFile(path);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await writeFile(path, bytes);
  await run("touch", ["--date", `@${stdout.trim()}`, path]);
}

test("a time after the clock's is refused: files would keep the time at which they were made", async (t) => {
  const { build, out } = await place(t);
  const { code, stderr } = await build([], { SOURCE_DATE_EPOCH: "4354000000" });
  t.is(code, 3, stderr);
  t.regex(stderr, /^error host\.clock: .*2107-.* is after this host's clock$/m);
  t.deepEqual(await readdir(out), []);
});
