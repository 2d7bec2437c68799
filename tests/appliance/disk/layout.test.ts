import test from "ava";
import fc from "fast-check";
import { fatGeometry } from "../../../appliance/disk/fat/geometry.ts";
import { diskIds } from "../../../appliance/disk/ids.ts";
import { diskLayout, GIB, leastDiskSize, MIB } from "../../../appliance/disk/layout.ts";
import { PosternError } from "../../../appliance/error.ts";

const TIB = 1024 * GIB;
const ids = diskIds("x");

test("partitions are whole MiB, one behind the other, and leave room for the second table", (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(512 as const, 4096 as const),
      fc.integer({ min: Math.ceil(leastDiskSize(4096) / 4096), max: (100 * TIB) / 4096 }),
      (sectorSize, pages) => {
        const layout = diskLayout(pages * 4096, ids, sectorSize);
        let next = MIB;
        for (const { offset, size } of [layout.biosBoot, layout.esp, layout.root, layout.log]) {
          t.is(offset, next);
          t.is(size % MIB, 0);
          next = offset + size;
        }
        // Two copies of the table with 16 KiB of entries.
        t.true(next <= layout.size - 16384 - sectorSize);
        t.true(next > layout.size - 2 * MIB);
        t.true(layout.log.size >= 512 * MIB);
        for (const { first, last } of layout.gpt.partitions) {
          t.is((first * sectorSize) % MIB, 0);
          t.is(((last + 1) * sectorSize) % MIB, 0);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("the EFI system partition holds a FAT32 with either sector size", (t) => {
  for (const sectorSize of [512, 4096] as const) {
    const { esp } = diskLayout(16 * GIB, ids, sectorSize);
    t.is(fatGeometry(esp.size, sectorSize, 32).type, 32);
  }
});

test("a disk just below the least size is refused, the least size is not", (t) => {
  for (const sectorSize of [512, 4096] as const) {
    const least = leastDiskSize(sectorSize);
    t.true(diskLayout(least, ids, sectorSize).log.size >= 512 * MIB);
    const error = t.throws(() => diskLayout(least - sectorSize, ids, sectorSize), {
      instanceOf: PosternError,
    });
    t.is(error?.code, "input.disk-size");
  }
});
