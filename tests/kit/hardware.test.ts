import test from "ava";
import { type Controller, type Hardware, qemuArguments } from "../boot/kit/hardware.ts";

const files = {
  disk: "/d/disk.qcow2",
  code: "/f/code.fd",
  variables: "/d/variables.fd",
  serialSocket: "/d/serial.sock",
  serialLog: "/d/serial.log",
  qmpSocket: "/d/qmp.sock",
};
const gen1: Hardware = { chipset: "pc", firmware: "bios", controller: "ide", nic: "e1000" };

const disks: readonly [chipset: "pc" | "q35", controller: Controller, devices: string[]][] = [
  ["pc", "ide", ["ide-hd,drive=disk0,bus=ide.0,bootindex=1"]],
  ["q35", "ahci", ["ide-hd,drive=disk0,bus=ide.0,bootindex=1"]],
  ["pc", "ahci", ["ahci,id=card0", "ide-hd,drive=disk0,bus=card0.0,bootindex=1"]],
  ["pc", "lsi53c895a", ["lsi53c895a,id=card0", "scsi-hd,drive=disk0,bus=card0.0,bootindex=1"]],
  ["q35", "virtio-scsi", ["virtio-scsi-pci,id=card0", "scsi-hd,drive=disk0,bus=card0.0,bootindex=1"]],
  ["pc", "megasas", ["megasas,id=card0", "scsi-hd,drive=disk0,bus=card0.0,bootindex=1"]],
  ["q35", "virtio-blk", ["virtio-blk-pci,drive=disk0,bootindex=1"]],
  ["q35", "nvme", ["nvme,drive=disk0,serial=disk0,bootindex=1"]],
];

for (const [chipset, controller, devices] of disks) {
  test(`the disk of ${chipset} on ${controller}`, (t) => {
    const args = qemuArguments({ ...gen1, chipset, controller }, files);
    const found = args
      .filter((_, index) => args[index - 1] === "-device")
      .filter((arg) => !arg.includes("netdev"));
    t.deepEqual(found, devices);
  });
}

test("Secure Boot is enforced: SMM, and variables that only firmware may write", (t) => {
  const args = qemuArguments(
    { ...gen1, chipset: "q35", firmware: "secureboot", controller: "ahci" },
    files,
  ).join(" ");
  t.true(args.includes("-machine q35,smm=on"));
  t.true(args.includes("-global driver=cfi.pflash01,property=secure,value=on"));
  t.true(args.includes("if=pflash,unit=0,format=raw,readonly=on,file=/f/code.fd"));
});

test("BIOS maps no flash", (t) => {
  t.false(qemuArguments(gen1, files).join(" ").includes("pflash"));
});

test("forwards lead to the guest's address, from every address of the host", (t) => {
  const forwards = [{ host: 20022, guest: 22 }];
  const args = qemuArguments({ ...gen1, forwards, guestAddress: "198.51.100.20" }, files).join(" ");
  t.true(args.includes("hostfwd=tcp:0.0.0.0:20022-198.51.100.20:22"));
});

test("a comma in a path stays in the path", (t) => {
  const args = qemuArguments(gen1, { ...files, disk: "/a,file=b" }).join(" ");
  t.true(args.includes("file=/a,,file=b"));
});

test("a stick is in a USB port, starts first, and is as slow as it is said to be", (t) => {
  const drives = [
    { id: "m", kind: "disk", file: "/m.iso", isUsb: true, isFirst: true, bytesPerSecond: 1024 },
  ] as const;
  const args = qemuArguments({ ...gen1, drives }, files).join(" ");
  t.true(args.includes("if=none,id=m,readonly=on,throttling.bps-total=1024,format=raw,file=/m.iso"));
  t.true(args.includes("-device qemu-xhci,id=usb -drive"));
  t.true(args.includes("usb-storage,drive=m,id=m,bus=usb.0,removable=on,bootindex=0"));
  t.false(args.includes("virtio-scsi-pci,id=extra"));
});

const impossible: readonly [why: string, hardware: Partial<Hardware>][] = [
  ["Secure Boot without SMM", { firmware: "secureboot" }],
  ["IDE on q35", { chipset: "q35" }],
];

for (const [why, part] of impossible) {
  test(`refused before QEMU is asked: ${why}`, (t) => {
    t.throws(() => qemuArguments({ ...gen1, ...part }, files));
  });
}

test("more drives have a controller of their own and are for reading alone; a CD drive may be empty", (t) => {
  const args = qemuArguments(
    {
      ...gen1,
      drives: [
        { id: "seed", kind: "disk", file: "/d/a,b.img" },
        { id: "cd0", kind: "cd" },
      ],
      smbios: ["a=b,c"],
    },
    files,
  ).join(" ");

  t.true(args.includes("-device virtio-scsi-pci,id=extra"));
  t.true(args.includes("-drive if=none,id=seed,readonly=on,format=raw,file=/d/a,,b.img"));
  t.true(args.includes("-device scsi-hd,drive=seed,id=seed,bus=extra.0"));
  t.true(
    args.includes(
      "-drive if=none,id=cd0,media=cdrom,readonly=on -device scsi-cd,drive=cd0,id=cd0,bus=extra.0",
    ),
  );
  t.true(args.includes("-smbios type=11,value=a=b,,c"));
});

test("a disk with sectors of 4 KiB, a medium that is tried first, and a disk that may be written to", (t) => {
  const args = qemuArguments(
    {
      ...gen1,
      controller: "nvme",
      sectorSize: 4096,
      drives: [
        { id: "medium", kind: "cd", file: "/d/x.iso", isFirst: true },
        { id: "second", kind: "disk", file: "/d/y.raw", isWritable: true },
      ],
    },
    files,
  ).join(" ");
  t.true(
    args.includes(
      "nvme,drive=disk0,serial=disk0,bootindex=1,logical_block_size=4096,physical_block_size=4096",
    ),
  );
  t.true(args.includes("-device scsi-cd,drive=medium,id=medium,bus=extra.0,bootindex=0"));
  t.true(args.includes("-drive if=none,id=second,cache=unsafe,format=raw,file=/d/y.raw"));
  t.true(args.includes("-device scsi-hd,drive=second,id=second,bus=extra.0,serial=second"));
});
