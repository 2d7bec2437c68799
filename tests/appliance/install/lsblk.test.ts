import test from "ava";
import fc from "fast-check";
import {
  contentLines,
  diskModel,
  diskSize,
  isEmpty,
  partitionPath,
} from "../../../appliance/install/inventory/disk.ts";
import { disksIn, LSBLK_ARGUMENTS } from "../../../appliance/install/inventory/lsblk.ts";
import { realSystem } from "../../../appliance/system/node.ts";
import { disk, lsblkEntry, lsblkJson, part } from "./disks.ts";

test("what lsblk prints comes back as disks, by path", (t) => {
  const one = disk({ table: "gpt", parts: [part({ name: "EFI", label: "ESP", type: "vfat" })] });
  const two = disk({ path: "/dev/nvme0n1", transport: "nvme", serial: "", wwn: "" });
  t.deepEqual(disksIn(lsblkJson(one, two)), [two, one]);
});

test("CDs, loops and memory are no disks", (t) => {
  const entries = [
    { ...lsblkEntry(disk({ path: "/dev/sr0" })), type: "rom" },
    { ...lsblkEntry(disk({ path: "/dev/loop0" })), type: "loop" },
    { ...lsblkEntry(disk({ path: "/dev/zram0" })), name: "zram0" },
    { ...lsblkEntry(disk({ path: "/dev/ram1" })), name: "ram1" },
    { ...lsblkEntry(disk({ path: "/dev/md0" })), type: "raid1" },
  ];
  t.deepEqual(disksIn(JSON.stringify({ blockdevices: entries })), []);
});

test("numbers and truths as texts, as older versions print them", (t) => {
  const old = { ...lsblkEntry(disk()), size: "479559942144", rm: "0", ro: "1", "log-sec": "512" };
  t.deepEqual(disksIn(JSON.stringify({ blockdevices: [old] })), [disk({ isReadOnly: true })]);
});

test("what is made of a disk or of its partition is told", (t) => {
  const entry = {
    ...lsblkEntry(disk()),
    children: [
      {
        name: "sda1",
        path: "/dev/sda1",
        type: "part",
        size: 1,
        fstype: "LVM2_member",
        mountpoints: [null],
        children: [{ name: "vg0-root", path: "/dev/mapper/vg0-root", type: "lvm", mountpoints: ["/"] }],
      },
      { name: "mpatha", path: "/dev/mapper/mpatha", type: "mpath", mountpoints: [null] },
    ],
  };
  const [only] = disksIn(JSON.stringify({ blockdevices: [entry] }));
  t.deepEqual(
    only?.parts.flatMap(({ uses }) => uses),
    ["mpath mpatha", "lvm vg0-root"],
  );
});

test("texts of strange firmware cannot move a cursor", (t) => {
  const [only] = disksIn(lsblkJson(disk({ model: "A\u001b[2J  B\u00e9 ", serial: "  x  y " })));
  t.is(only?.model, "A?[2J B?");
  t.is(only?.serial, "x y");
});

test("whatever is printed, reading it never throws and gives whole disks", (t) => {
  const entry = fc.record(
    Object.fromEntries(
      Object.keys(lsblkEntry(disk())).map((key) => [key, fc.oneof(fc.anything(), fc.constant("disk"))]),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(entry).map((blockdevices) => JSON.stringify({ blockdevices }) ?? ""),
      ),
      (text) =>
        disksIn(text).every(
          (one) => typeof one.path === "string" && one.size >= 0 && Array.isArray(one.parts),
        ),
    ),
  );
  t.pass();
});

test("this machine's own lsblk takes the arguments", async (t) => {
  const { code, stdout, stderr } = await realSystem().run("lsblk", LSBLK_ARGUMENTS);
  t.is(code, 0, stderr);
  t.true(Array.isArray(disksIn(stdout)));
});

for (const [bytes, text] of [
  [0, "0 MB"],
  [536_870_912, "537 MB"],
  [17_179_869_184, "17.2 GB"],
  [479_559_942_144, "480 GB"],
  [999_999_999_999, "1 TB"],
  [1_920_383_410_176, "1.92 TB"],
  [15_360_950_534_144, "15.4 TB"],
] as const) {
  test(`${bytes} bytes are ${text}`, (t) => t.is(diskSize(bytes), text));
}

for (const [vendor, model, text] of [
  ["ATA", "Samsung SSD 870", "Samsung SSD 870"],
  ["0x1af4", "", "(no model)"],
  ["DELL", "PERC H755", "DELL PERC H755"],
  ["", "KINGSTON", "KINGSTON"],
  ["HPE", "HPE LOGICAL VOLUME", "HPE LOGICAL VOLUME"],
] as const) {
  test(`vendor "${vendor}" and model "${model}" are ${text}`, (t) =>
    t.is(diskModel({ vendor, model }), text));
}

test("a partition's node", (t) => {
  t.is(partitionPath("/dev/sda", 3), "/dev/sda3");
  t.is(partitionPath("/dev/nvme0n1", 3), "/dev/nvme0n1p3");
  t.is(partitionPath("/dev/mmcblk0", 1), "/dev/mmcblk0p1");
});

test("empty is a disk without table, file system and partitions", (t) => {
  t.true(isEmpty(disk()));
  t.false(isEmpty(disk({ table: "dos" })));
  t.false(isEmpty(disk({ own: { type: "zfs_member", label: "" } })));
  t.false(isEmpty(disk({ parts: [part()] })));
});

test("what is on a disk, in words", (t) => {
  t.deepEqual(contentLines(disk()), ["nothing: no partition table, no file system"]);
  t.deepEqual(contentLines(disk({ own: { type: "ntfs", label: "Data" } })), ['a file system: ntfs "Data"']);
  const parts = [part({ type: "ntfs", label: "Windows", name: "Basic data partition", size: 4e11 })];
  t.deepEqual(contentLines(disk({ table: "gpt", parts })), [
    "GPT partition table with 1 partition",
    '  sda1  400 GB  ntfs "Windows"  Basic data partition',
  ]);
});
