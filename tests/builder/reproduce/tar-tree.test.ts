import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { run } from "../../../builder/host/run.ts";
import { treeOfTar } from "../../../builder/reproduce/tar-tree.ts";
import { compareTrees } from "../../../builder/reproduce/tree.ts";
import { scratch } from "../../kit/scratch.ts";

const { signal } = new AbortController();
const TIME = 1_700_000_000;
const LONG = `${"deep/".repeat(30)}${"name".repeat(30)}`;

/** A tree, as the build VM's tar command takes it out. */
async function tarOf(t: ExecutionContext, change: (tree: string) => Promise<unknown>): Promise<string> {
  const folder = await scratch(t);
  const tree = join(folder, "tree");
  await mkdir(join(tree, "etc"), { recursive: true });
  await mkdir(join(tree, LONG, ".."), { recursive: true });
  for (const name of ["etc/a", "etc/b", LONG]) {
    await writeFile(join(tree, name), `this is ${name}\n`);
    await chmod(join(tree, name), 0o644);
  }
  await symlink("a", join(tree, "etc/link"));
  await run("ln", [join(tree, "etc/a"), join(tree, "etc/second name")]);
  await change(tree);
  await run("find", [tree, "-exec", "touch", "--no-dereference", "--date=@1700000000", "{}", "+"]);
  await utimesOf.get(tree)?.();
  const tar = join(folder, "root.tar");
  await run("tar", [
    ...[
      "--create",
      "--file",
      tar,
      "--sort=name",
      "--format=posix",
      "--numeric-owner",
      "--owner=0",
      "--group=0",
    ],
    ...["--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime", "--directory", tree, "."],
  ]);
  return tar;
}

/** Changes of times, which have to come last. */
const utimesOf = new Map<string, () => Promise<void>>();

const nothing = async (): Promise<void> => {};

test("two trees with the same files are the same, long names and all", async (t) => {
  const [one, two] = [await tarOf(t, nothing), await tarOf(t, nothing)];
  const tree = await treeOfTar(one, signal);
  t.deepEqual(compareTrees(tree, await treeOfTar(two, signal)), []);
  t.like(tree.get("etc/a"), { kind: "file", mode: 0o644, uid: 0, mtime: TIME, size: 14 });
  t.like(tree.get("etc/link"), { kind: "link", target: "a" });
  t.like(tree.get("etc/second name"), { kind: "hard link", target: "./etc/a" });
  t.is(tree.get(LONG)?.kind, "file");
});

const CHANGES: {
  name: string;
  change: (tree: string) => Promise<unknown>;
  found: { path: string; what: RegExp }[];
}[] = [
  {
    name: "one changed byte",
    change: (tree) => writeFile(join(tree, "etc/b"), "this is etc/B\n"),
    found: [{ path: "etc/b", what: /^content$/ }],
  },
  {
    name: "a mode",
    change: (tree) => chmod(join(tree, LONG), 0o600),
    found: [{ path: LONG, what: /^mode 600, was 644$/ }],
  },
  {
    name: "a time",
    change: async (tree) => utimesOf.set(tree, () => utimes(join(tree, "etc/b"), TIME, TIME + 1.5)),
    found: [{ path: "etc/b", what: /^time 1700000001\.5, was 1700000000$/ }],
  },
  {
    name: "a missing file and a new one",
    change: (tree) => run("mv", [join(tree, "etc/b"), join(tree, "etc/c")]),
    found: [
      { path: "etc/b", what: /^is missing$/ },
      { path: "etc/c", what: /^is new$/ },
    ],
  },
];

for (const { name, change, found } of CHANGES) {
  test(`${name} is found in a tar`, async (t) => {
    const [one, two] = [await tarOf(t, nothing), await tarOf(t, change)];
    const differences = compareTrees(await treeOfTar(one, signal), await treeOfTar(two, signal));
    t.deepEqual(
      differences.map(({ path }) => path),
      found.map(({ path }) => path),
    );
    for (const [index, { what }] of found.entries()) t.regex(differences[index]?.what.join("; ") ?? "", what);
  });
}

test("a tar that is cut is no tree", async (t) => {
  const tar = await tarOf(t, nothing);
  await run("truncate", ["--size=3000", tar]);
  await t.throwsAsync(treeOfTar(tar, signal), { instanceOf: RangeError });
});
