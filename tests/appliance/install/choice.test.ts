import test from "ava";
import fc from "fast-check";
import { leastDiskSize } from "../../../appliance/disk/layout.ts";
import { type ChoiceFacts, judge } from "../../../appliance/install/inventory/choice.ts";
import type { Disk } from "../../../appliance/install/inventory/disk.ts";
import { identityOf, isSame } from "../../../appliance/install/inventory/identity.ts";
import { virtualMaker } from "../../../appliance/install/inventory/virtual.ts";
import { disk, part } from "./disks.ts";

const FACTS: ChoiceFacts = { medium: "/dev/sr0", firmware: "uefi" };

const LEFT_OUT: readonly (readonly [string, Partial<Disk>, Partial<ChoiceFacts>, RegExp])[] = [
  ["the medium itself", {}, { medium: "/dev/sda" }, /installation medium/],
  ["the medium by its partition", { parts: [part()] }, { medium: "/dev/sda1" }, /installation medium/],
  ["an iDRAC disk", { vendor: "iDRAC", model: "Virtual Floppy" }, {}, /Dell iDRAC/],
  ["a stick", { transport: "usb" }, {}, /USB/],
  ["a removable disk", { isRemovable: true }, {}, /removable/],
  ["an empty card reader", { size: 0 }, {}, /no medium/],
  ["a read-only disk", { isReadOnly: true }, {}, /read-only/],
  ["sectors of an array", { sectorSize: 520 }, {}, /520 bytes/],
  ["4Kn on BIOS", { sectorSize: 4096 }, { firmware: "bios" }, /UEFI alone/],
  ["a small disk", { size: leastDiskSize() - 512 }, {}, /too small/],
  ["a small disk with 4 KiB sectors", { size: leastDiskSize(), sectorSize: 4096 }, {}, /too small/],
  ["a mounted disk", { parts: [part({ uses: ["/srv"] })] }, {}, /in use: \/srv/],
];

for (const [what, more, facts, reason] of LEFT_OUT) {
  test(`left out: ${what}`, (t) => {
    const [judged] = judge([disk(more)], { ...FACTS, ...facts });
    t.regex(judged?.leftOut ?? "", reason);
  });
}

const USED: readonly (readonly [string, Partial<Disk>, Partial<ChoiceFacts>])[] = [
  ["a RAID volume", {}, {}],
  ["a virtio disk without serial", { vendor: "0x1af4", model: "", serial: "", wwn: "", transport: "" }, {}],
  ["4Kn on UEFI", { sectorSize: 4096 }, {}],
  ["512 on BIOS", {}, { firmware: "bios" }],
  ["what has Windows on it", { table: "gpt", parts: [part({ type: "ntfs" })] }, {}],
  ["the least size", { size: leastDiskSize() }, {}],
  ["an unknown medium", {}, { medium: undefined }],
];

for (const [what, more, facts] of USED) {
  test(`can be used: ${what}`, (t) => {
    t.deepEqual(judge([disk(more)], { ...FACTS, ...facts }), [{ disk: disk(more) }]);
  });
}

test("a disk that is seen twice is left out both times", (t) => {
  const judged = judge([disk(), disk({ path: "/dev/sdb" })], FACTS);
  t.deepEqual(
    judged.map(({ leftOut }) => leftOut?.replace(/:.*/, "")),
    ["seen twice, also as /dev/sdb", "seen twice, also as /dev/sda"],
  );
});

for (const [vendor, model, maker] of [
  ["iDRAC", "LCDRIVE", "Dell iDRAC"],
  ["iDRAC", "OEMDRV", "Dell iDRAC"],
  ["iLO", "Virtual Media", "HPE iLO"],
  ["HP iLO", "Internal SD-CARD", "HPE iLO"],
  ["AMI", "Virtual HDisk0", "AMI MegaRAC"],
  ["ATEN", "Virtual CDROM YS0J", "Supermicro"],
  ["Cisco", "vKVM-Mapped vHDD", "Cisco CIMC"],
  ["CiscoVD", "Hypervisor", "Cisco CIMC"],
  ["IBM", "Composite Device-0", "Lenovo XCC"],
  ["FTS", "Virtual Floppy", "Fujitsu iRMC"],
  ["Linux", "File-Stor Gadget", "a BMC"],
] as const) {
  test(`${vendor} ${model} is a virtual disk of ${maker}`, (t) =>
    t.is(virtualMaker({ vendor, model }), maker));
}

for (const [vendor, model] of [
  ["VMware", "Virtual disk"],
  ["VMware,", "VMware Virtual S"],
  ["Msft", "Virtual Disk"],
  ["QEMU", "QEMU HARDDISK"],
  ["HPE", "LOGICAL VOLUME"],
  ["HP", "LOGICAL VOLUME"],
  ["DELL", "PERC H755 Front"],
  ["AVAGO", "MR9361-8i"],
  ["ATA", "SAMSUNG MZ7LH480"],
  ["", "Dell Ent NVMe v2 AGN RI U.2 1.92TB"],
  ["LENOVO", "ThinkSystem M.2 VD"],
  ["Cisco", "UCSC-RAID12G-2GB"],
] as const) {
  test(`${vendor} ${model} is a disk of the server`, (t) => t.is(virtualMaker({ vendor, model }), undefined));
}

test("a disk is known by its serial, else its WWN, else its path and size", (t) => {
  const one = disk();
  const twin = disk({ path: "/dev/sdb", wwn: "0x5" });
  t.deepEqual(identityOf(one, [one]), { kind: "serial number", text: one.serial });
  t.deepEqual(identityOf(one, [one, twin]), { kind: "WWN", text: one.wwn });
  const bare = disk({ serial: "", wwn: "" });
  t.deepEqual(identityOf(bare, [bare]), { kind: "path and size", text: "/dev/sda 480 GB" });
});

test("no two disks have the same identity", (t) => {
  const text = fc.constantFrom("", "S1", "s1", "S2", "0x5");
  const disks = fc.uniqueArray(
    fc.record({ serial: text, wwn: text, path: fc.constantFrom("/dev/sda", "/dev/sdb", "/dev/sdc") }),
    { selector: ({ path }) => path, minLength: 1 },
  );
  fc.assert(
    fc.property(disks, (list) => {
      const all = list.map((more) => disk(more));
      const names = all.map((one) => identityOf(one, all));
      for (const [index, { kind, text }] of names.entries()) {
        const same = names.filter((other) => other.kind === kind && isSame(other.text, text));
        t.is(same.length, 1, JSON.stringify([all[index], names]));
      }
    }),
  );
});

test("capitals and spaces of what is typed do not count, everything else does", (t) => {
  t.true(isSame(" s4x1  ab ", "S4X1 AB"));
  t.false(isSame("S4X1", "S4X1 AB"));
  t.false(isSame("", "S4X1"));
});
