import test from "ava";
import { gptBytes } from "../../../../appliance/disk/gpt.ts";
import { derivedUuid } from "../../../../appliance/disk/ids.ts";
import { PosternError } from "../../../../builder/error.ts";
import { footerProblems } from "../../../../builder/formats/vhd/footer.ts";
import { vhdAround } from "../../../../builder/publish/azure/vhd.ts";
import { memorySource } from "../../disk/kit.ts";
import { MIB } from "../../formats/kit.ts";
import { isFixedVhd } from "./double/footer.ts";

function diskOf(mib: number, seed: string): Buffer {
  const disk = Buffer.alloc(mib * MIB);
  const id = (purpose: string): string => derivedUuid(seed, purpose);
  const partitions = [{ type: id("type"), id: id("one"), name: "one", first: 2048, last: 4095 }];
  const table = gptBytes({ disk: id("disk"), sectorSize: 512, sectors: disk.length / 512, partitions });
  table.start.copy(disk, 0);
  table.end.copy(disk, table.endOffset);
  return disk;
}

test("the footer is that of a fixed VHD to our reader and to one of its own, and the same each time", async (t) => {
  const disk = memorySource(diskOf(24, "a"));
  const { footer, size } = await vhdAround(disk);
  t.deepEqual(footerProblems(footer, disk.size), []);
  t.true(isFixedVhd(footer, size));
  t.true((await vhdAround(disk)).footer.equals(footer));
  t.false((await vhdAround(memorySource(diskOf(24, "b")))).footer.equals(footer));
});

for (const [title, disk, footer, expected] of [
  ["too small", diskOf(19, "a"), undefined, /from 20 MiB to 32 TiB, not 19922944 bytes/],
  ["no whole MiB", Buffer.concat([diskOf(24, "a"), Buffer.alloc(512)]), undefined, /are not whole MiB/],
  ["another disk's footer", diskOf(24, "a"), Buffer.alloc(512), /no cookie/],
] as const) {
  test(`told before hours of upload: ${title}`, async (t) => {
    const error = await t.throwsAsync(vhdAround(memorySource(disk), footer), { instanceOf: PosternError });
    t.is(error?.code, "artifact.azure-vhd");
    t.regex(error?.message ?? "", expected);
  });
}
