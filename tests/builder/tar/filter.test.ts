import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { pack } from "tar-stream";
import { run } from "../../../builder/host/run.ts";
import { tarEnd } from "../../../builder/tar/end.ts";
import { filterTar, type TarFilter } from "../../../builder/tar/filter.ts";
import type { TarEntry } from "../../../builder/tar/members.ts";

interface Source {
  name: string;
  content: string;
}

async function tarOf(files: readonly Source[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content } of files) archive.entry({ name, mtime: new Date(0) }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function filtered(tar: Buffer, filter: TarFilter, chunk = 777): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(filterTar(inChunks(tar, chunk), filter)));
}

async function contentsOf(tar: Buffer): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  await filtered(tar, {
    judge: () => "read",
    read: (entry, content) => {
      found.set(entry.path, content.toString("utf8"));
      return content;
    },
  });
  return found;
}

const keepAll: TarFilter = { judge: () => "keep", read: (_entry, content) => content };

test("what is kept stays the same to the byte, however the stream is cut", async (t) => {
  const name = fc.stringMatching(/^[a-z]{1,20}(\/[a-z]{1,90}){0,3}$/);
  const file = fc.record({ name, content: fc.string({ maxLength: 2000 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { maxLength: 8 }),
      fc.integer({ min: 1, max: 5000 }),
      async (files, cut) => {
        const tar = await tarOf(files);
        t.deepEqual(await filtered(tar, keepAll, cut), tar);
      },
    ),
    { numRuns: 50 },
  );
});

test("an entry is left out with its long name, and one is changed with its size", async (t) => {
  const long = `${"d".repeat(60)}/${"e".repeat(90)}/${"f".repeat(60)}`;
  const tar = await tarOf([
    { name: "./a", content: "one" },
    { name: long, content: "two" },
    { name: "c", content: "three" },
  ]);
  const seen: string[] = [];

  const result = await filtered(tar, {
    judge: (entry: TarEntry) => {
      seen.push(entry.path);
      if (entry.path === long) return "drop";
      return entry.path === "c" ? "read" : "keep";
    },
    read: (_entry, content) => Buffer.from(`${content.toString()}${"!".repeat(600)}`),
  });

  t.deepEqual(seen, ["a", long, "c"]);
  t.deepEqual(
    await contentsOf(result),
    new Map([
      ["a", "one"],
      ["c", `three${"!".repeat(600)}`],
    ]),
  );
});

test("GNU tar reads what went through, extended attributes and all", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "postern-tar-"));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "file"), "content");
  await run("tar", ["--format=posix", "-cf", join(folder, "in.tar"), "-C", folder, "file"]);
  const { stdout: before } = await run("tar", ["-tvf", join(folder, "in.tar")]);

  await writeFile(join(folder, "out.tar"), await filtered(await readFile(join(folder, "in.tar")), keepAll));

  const { stdout: after } = await run("tar", ["-tvf", join(folder, "out.tar")]);
  t.is(after, before);
});

test("a cut or broken archive is an error", async (t) => {
  const tar = await tarOf([{ name: "a", content: "x".repeat(3000) }]);

  await t.throwsAsync(filtered(tar.subarray(0, 1024), keepAll), { instanceOf: RangeError });
  const broken = Buffer.from(tar);
  broken[0] = 0x7a;
  await t.throwsAsync(filtered(broken, keepAll), { instanceOf: RangeError, message: /checksum/ });
});

test("the end of a tar is found on a disk image that goes on behind it", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "postern-tar-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const tar = await tarOf([
    { name: "a", content: "x".repeat(700) },
    { name: "b", content: "" },
  ]);
  await writeFile(join(folder, "disk"), Buffer.concat([tar, Buffer.alloc(10_000, 0)]));
  await writeFile(join(folder, "cut"), tar.subarray(0, 700));

  t.is(await tarEnd(join(folder, "disk")), tar.length);
  await t.throwsAsync(tarEnd(join(folder, "cut")), { instanceOf: RangeError });
});
