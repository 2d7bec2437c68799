import test from "ava";
import { diskIds } from "../../../appliance/disk/ids.ts";
import { diskLayout, MIB } from "../../../builder/disk/layout.ts";
import { PosternError } from "../../../builder/error.ts";

test("partitions are whole MiB, one behind the other, and leave room for the second table", (t) => {
  for (const sectorSize of [512, 4096] as const) {
    for (const size of [5, 8, 64, 2048]) {
      const layout = diskLayout(size, diskIds("x"), sectorSize);
      const places = [layout.biosBoot, layout.esp, layout.root, layout.log];
      let next = MIB;
      for (const { offset, size: bytes } of places) {
        t.is(offset, next);
        t.is(bytes % MIB, 0);
        next = offset + bytes;
      }
      t.true(next < layout.size && next >= layout.size - 2 * MIB);
    }
  }
});

test("a disk that is too small or no whole number is refused with the least size", (t) => {
  for (const size of [0, 4, 5.5, -8, Number.NaN]) {
    const error = t.throws(() => diskLayout(size, diskIds("x")), { instanceOf: PosternError });
    t.is(error?.code, "input.disk-size");
    t.regex(error?.message ?? "", /5 or more/);
  }
});
