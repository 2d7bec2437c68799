import test from "ava";
import fc from "fast-check";
import { biosSectors } from "../../../appliance/disk/bios.ts";
import { MIB } from "../../../appliance/disk/layout.ts";
import { PosternError } from "../../../builder/error.ts";

const partition = { offset: MIB, size: MIB };

function bootImg(): Buffer {
  const image = Buffer.alloc(512, 0x11);
  image.set([0xeb, 0x05], 0x66);
  image.set([0x55, 0xaa], 510);
  return image;
}

test("boot.img keeps the partition table and knows where the core is", (t) => {
  const mbr = Buffer.alloc(512, 0x22);
  const [boot] = biosSectors({ mbr, bootImg: bootImg(), coreImg: Buffer.alloc(2000, 0x33), partition });
  const bytes = Buffer.from(boot?.bytes ?? []);
  t.is(boot?.offset, 0);
  t.deepEqual(bytes.subarray(0x1b8), mbr.subarray(0x1b8));
  t.is(bytes.readBigUInt64LE(0x5c), 2048n);
  t.is(bytes.readUInt16BE(0x66), 0x9090);
  const changed = [...bytes.subarray(0, 0x1b8)].filter((byte) => byte !== 0x11);
  t.true(changed.length <= 10, "nothing but the sector number and the jump");
});

test("a boot.img without the drive check's jump keeps its bytes there", (t) => {
  const image = bootImg();
  image.set([0x90, 0x91], 0x66);
  const [boot] = biosSectors({
    mbr: Buffer.alloc(512),
    bootImg: image,
    coreImg: Buffer.alloc(600),
    partition,
  });
  t.is(Buffer.from(boot?.bytes ?? []).readUInt16BE(0x66), 0x9091);
});

test("core.img's block list covers its rest, whatever its length", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 513, max: MIB }), (length) => {
      const coreImg = Buffer.alloc(length, 0x44);
      const [, core] = biosSectors({ mbr: Buffer.alloc(512), bootImg: bootImg(), coreImg, partition });
      const bytes = Buffer.from(core?.bytes ?? []);
      t.is(core?.offset, MIB);
      t.is(bytes.readBigUInt64LE(0x1f4), 2049n);
      t.is(bytes.readUInt16LE(0x1fc), Math.ceil(length / 512) - 1);
      t.is(bytes.readUInt16LE(0x1fe), 0x820);
      t.is(Buffer.compare(bytes.subarray(512, length), coreImg.subarray(512)), 0);
      t.true(bytes.subarray(length).every((byte) => byte === 0));
    }),
    { numRuns: 20 },
  );
});

test("images that are not GRUB's or do not fit are refused", (t) => {
  const mbr = Buffer.alloc(512);
  const good = { mbr, bootImg: bootImg(), coreImg: Buffer.alloc(600), partition };
  const table = [
    { ...good, bootImg: Buffer.alloc(511) },
    { ...good, bootImg: Buffer.alloc(512) },
    { ...good, coreImg: Buffer.alloc(512) },
    { ...good, coreImg: Buffer.alloc(MIB + 1) },
  ];
  for (const options of table) {
    t.is(t.throws(() => biosSectors(options), { instanceOf: PosternError })?.code, "artifact.grub");
  }
});
