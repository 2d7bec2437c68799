import { createWriteStream } from "node:fs";
import { readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { pack } from "tar-stream";
import { pickArtifact } from "../boot/kit/artifacts.ts";
import { extractDisk, ovaMembers } from "../boot/kit/ova.ts";
import { BLOCK, paddedSize, readHeader } from "../boot/kit/tar.ts";
import { scratch } from "./scratch.ts";

/** An archive written by a library that shares nothing with the reader. */
async function archive(t: ExecutionContext, members: Readonly<Record<string, string>>): Promise<string> {
  const file = join(await scratch(t), "x.ova");
  const tar = pack();
  const out = tar.pipe(createWriteStream(file));
  for (const [name, content] of Object.entries(members)) tar.entry({ name }, content);
  tar.finalize();
  await finished(out);
  return file;
}

test("the members come in their order, and the disk comes out whole", async (t) => {
  const disk = "d".repeat(BLOCK + 1);
  const file = await archive(t, { "a.ovf": "<ovf/>", "a.mf": "SHA256", "a-disk1.vmdk": disk });
  t.deepEqual(
    (await ovaMembers(file)).map(({ name, size }) => [name, size]),
    [
      ["a.ovf", 6],
      ["a.mf", 6],
      ["a-disk1.vmdk", BLOCK + 1],
    ],
  );
  const folder = await scratch(t);
  t.is(await readFile(await extractDisk(file, folder), "utf8"), disk);
});

const refused: readonly [why: string, members: Record<string, string>, message: RegExp][] = [
  ["no disk", { "a.ovf": "x" }, /0 VMDK files/],
  ["two disks", { "a.vmdk": "x", "b.vmdk": "y" }, /2 VMDK files/],
  ["a disk that leaves the folder", { "../a.vmdk": "x" }, /in a folder/],
];

for (const [why, members, message] of refused) {
  test(`an OVA is refused: ${why}`, async (t) => {
    const file = await archive(t, members);
    await t.throwsAsync(extractDisk(file, await scratch(t)), { message });
  });
}

test("an OVA that is cut off is refused", async (t) => {
  const file = await archive(t, { "a.vmdk": "x".repeat(4 * BLOCK) });
  await truncate(file, 3 * BLOCK);
  await t.throwsAsync(ovaMembers(file), { message: /cut off/ });
});

test("one flipped byte in a header is noticed", async (t) => {
  const header = (await readFile(await archive(t, { "a.vmdk": "x" }))).subarray(0, BLOCK);
  fc.assert(
    fc.property(fc.nat(BLOCK - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const broken = Uint8Array.from(header);
      broken[at] = (broken[at] ?? 0) ^ change;
      try {
        readHeader(broken);
        // The checksum field may be written in more than one way; everything else is covered by it.
        return at >= 148 && at < 156;
      } catch {
        return true;
      }
    }),
  );
  t.is(readHeader(new Uint8Array(BLOCK)), undefined);
});

test("content is padded to whole blocks", (t) => {
  t.deepEqual([0, 1, BLOCK, BLOCK + 1].map(paddedSize), [0, BLOCK, BLOCK, 2 * BLOCK]);
});

test("one artifact of a kind is picked, the portable OVA by its ending, two are refused", (t) => {
  const names = ["p-vsphere.ova", "p.ova", "p.vhdx", "SHA256SUMS"];
  t.is(pickArtifact(names, "ova"), "p.ova");
  t.is(pickArtifact(names, "vsphere.ova"), "p-vsphere.ova");
  t.is(pickArtifact(names, "qcow2"), undefined);
  t.throws(() => pickArtifact(["a.vhdx", "b.vhdx"], "vhdx"), { code: "input.dist" });
});
