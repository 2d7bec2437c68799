import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { mountsBelow } from "../../../builder/host/remove.ts";
import { run } from "../../../builder/host/run.ts";
import { scratch } from "../../kit/scratch.ts";
import { PROJECT } from "../kit/cli.ts";

test("mounts at and below a folder, innermost first; a neighbour with the same start is none", (t) => {
  const line = (point: string): string => `36 35 98:0 / ${point} rw,noatime master:1 - ext4 /dev/root rw`;
  const points = ["/", "/c/tmp", "/c/tmp/a/dev", "/c/tmp/a/dev/pts", "/c/tmp-b", "/c/tmp/with\\040blank"];
  t.deepEqual(mountsBelow(points.map(line).join("\n"), "/c/tmp"), [
    "/c/tmp/with blank",
    "/c/tmp/a/dev/pts",
    "/c/tmp/a/dev",
    "/c/tmp",
  ]);
});

test("what is mounted in a tree is not removed with it", async (t) => {
  const folder = await scratch(t);
  const outside = join(folder, "outside");
  const tree = join(folder, "tree");
  await mkdir(outside);
  await mkdir(join(tree, "dev"), { recursive: true });
  await writeFile(join(outside, "precious"), "still here");
  const root = process.geteuid?.() === 0 ? [] : ["--map-root-user"];
  const code = `import { removeTree } from ${JSON.stringify(join(PROJECT, "builder/host/remove.ts"))};
    await removeTree(${JSON.stringify(tree)});`;
  const script = 'mount --bind "$1" "$2"; shift 2; exec "$@"';
  const words = [outside, join(tree, "dev"), process.execPath, "--input-type=module", "--eval", code];
  await run("unshare", ["--mount", ...root, "sh", "-euc", script, "sh", ...words]);
  t.is(await readFile(join(outside, "precious"), "utf8"), "still here");
  await t.throwsAsync(access(tree), { code: "ENOENT" });
});
