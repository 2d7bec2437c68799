import { EMULATED_CPU } from "../../../builder/host/accelerator.ts";
import { GUEST_ADDRESS, GUEST_NETWORK } from "./addresses.ts";

/** What an image is plugged into. Pure: a description in, QEMU's arguments out. */

export type Firmware = "bios" | "uefi" | "secureboot";
export type Controller =
  | "ide"
  | "ahci"
  | "lsi53c895a"
  | "megasas"
  | "pvscsi"
  | "virtio-scsi"
  | "virtio-blk"
  | "nvme";
export type Nic = "e1000" | "e1000e" | "vmxnet3" | "virtio-net-pci";

export interface Forward {
  /** TCP port on the host, on every address of the namespace. */
  host: number;
  /** TCP port in the guest. */
  guest: number;
}

/** A drive beside the machine's disk; for reading alone unless it says otherwise. */
export interface Drive {
  id: string;
  kind: "disk" | "cd";
  /** A raw image; a CD drive may be empty. */
  file?: string;
  isWritable?: boolean;
  /** Tried before the machine's disk. */
  isFirst?: boolean;
  /** A stick in a USB port instead of a disk on the SCSI controller. */
  isUsb?: boolean;
  /** As fast as it is read. */
  bytesPerSecond?: number;
}

export interface Hardware {
  chipset: "pc" | "q35";
  firmware: Firmware;
  controller: Controller;
  /** Bytes of a sector of the machine's disk; 512 by default. */
  sectorSize?: 512 | 4096;
  nic: Nic;
  /** The disk's size where it is larger than the image's: somebody grew it. */
  diskGiB?: number;
  /** 52:54:00:12:34:56 by default. */
  mac?: string;
  /** PCI slot of the card, which the guest names it by; the next free one by default. */
  nicSlot?: number;
  /** A second card in front of the first, on a wire where nobody answers. */
  deadNic?: boolean;
  /** Pixels of the screen; what the firmware likes by default. */
  screen?: { width: number; height: number };
  /** MiB; 2048 by default. */
  memory?: number;
  /** 1 by default: a start keeps a second one busy for half of its time only, and two machines run beside each other. */
  cpus?: number;
  /** What Hyper-V tells its guests, as far as QEMU can say it without KVM. */
  hyperv?: boolean;
  /** No serial port at all. */
  noSerial?: boolean;
  /** Where the forwarded ports lead; what QEMU's DHCP gives by default. */
  guestAddress?: string;
  forwards?: readonly Forward[];
  /** A tap of the test's own namespace in place of QEMU's user network: every port and protocol gets through. */
  tap?: string;
  /** On a SCSI controller of their own, called `extra`. */
  drives?: readonly Drive[];
  /** OEM strings of the SMBIOS (type 11). */
  smbios?: readonly string[];
  /** The chassis' asset tag (SMBIOS type 3). */
  assetTag?: string;
  /** The machine's own id (SMBIOS type 1); QEMU gives none by itself. */
  uuid?: string;
  /** Boots a kernel directly, without firmware and boot loader; for the kit's own tests. */
  kernel?: { image: string; initrd: string; append: string };
}

export interface Files {
  /** A qcow2 that is written to. */
  disk: string;
  /** Read-only UEFI code, and this machine's own copy of the variables. */
  code?: string;
  variables?: string;
  serialSocket: string;
  serialLog: string;
  qmpSocket: string;
}

/** The whole argument list, without the command's name. */
export function qemuArguments(hardware: Hardware, files: Files): string[] {
  if (hardware.firmware === "secureboot" && hardware.chipset !== "q35") {
    throw new Error("Secure Boot needs SMM, which QEMU has on q35 only");
  }
  return [
    ...["-nodefaults", "-no-user-config", "-display", "none", ...screenArguments(hardware)],
    ...[
      "-machine",
      machineText(hardware),
      "-accel",
      "tcg,thread=multi",
      "-cpu",
      cpuText(hardware),
      "-smp",
      String(hardware.cpus ?? 1),
    ],
    ...["-m", String(hardware.memory ?? 2048)],
    ...firmwareArguments(hardware.firmware, files),
    ...["-drive", `if=none,id=disk0,format=qcow2,cache=unsafe,file=${quoted(files.disk)}`],
    ...controllerArguments(hardware),
    ...driveArguments(hardware),
    ...(hardware.smbios ?? []).flatMap((text) => ["-smbios", `type=11,value=${quoted(text)}`]),
    ...(hardware.assetTag === undefined ? [] : ["-smbios", `type=3,asset=${quoted(hardware.assetTag)}`]),
    ...(hardware.uuid === undefined ? [] : ["-uuid", hardware.uuid]),
    ...cardArguments(hardware),
    ...serialArguments(hardware, files),
    ...["-chardev", `socket,id=qmp0,path=${quoted(files.qmpSocket)}`, "-mon", "chardev=qmp0,mode=control"],
    ...kernelArguments(hardware),
    // Stopped, so that the driver is connected before the first byte comes and power-on has an exact time.
    "-S",
  ];
}

/** The size is told by EDID, as a monitor does. */
function screenArguments({ screen }: Hardware): string[] {
  if (screen === undefined) return ["-vga", "std"];
  return ["-vga", "none", "-device", `VGA,edid=on,xres=${screen.width},yres=${screen.height}`];
}

// https://www.qemu.org/docs/master/system/i386/hyperv.html
function cpuText({ hyperv }: Hardware): string {
  return hyperv === true ? `${EMULATED_CPU},hv_relaxed,hv_vapic,hv_spinlocks=0x1fff,hv_time` : EMULATED_CPU;
}

function cardArguments(hardware: Hardware): string[] {
  const { nic, mac = "52:54:00:12:34:56", nicSlot } = hardware;
  const dead = [
    "-netdev",
    "hubport,id=dead0,hubid=7",
    "-device",
    `${nic},netdev=dead0,mac=52:54:00:00:00:01`,
  ];
  const slot = nicSlot === undefined ? "" : `,addr=0x${nicSlot.toString(16)}`;
  return [
    ...(hardware.deadNic === true ? dead : []),
    ...["-netdev", netdevText(hardware), "-device", `${nic},netdev=net0,mac=${mac}${slot}`],
  ];
}

/** Without a port the line is there all the same, for what waits at its end; nothing comes over it. */
function serialArguments({ noSerial }: Hardware, { serialSocket, serialLog }: Files): string[] {
  const line = `socket,id=serial0,path=${quoted(serialSocket)},logfile=${quoted(serialLog)},logappend=on`;
  return ["-chardev", line, "-serial", noSerial === true ? "none" : "chardev:serial0"];
}

function machineText({ chipset, firmware }: Hardware): string {
  return firmware === "secureboot" ? `${chipset},smm=on` : chipset;
}

function firmwareArguments(firmware: Firmware, { code, variables }: Files): string[] {
  if (firmware === "bios") return [];
  if (code === undefined || variables === undefined)
    throw new Error("UEFI needs its code and variables files");
  return [
    ...(firmware === "secureboot" ? ["-global", "driver=cfi.pflash01,property=secure,value=on"] : []),
    ...["-drive", `if=pflash,unit=0,format=raw,readonly=on,file=${quoted(code)}`],
    ...["-drive", `if=pflash,unit=1,format=raw,file=${quoted(variables)}`],
  ];
}

function controllerArguments({ controller, chipset, sectorSize = 512 }: Hardware): string[] {
  const sectors =
    sectorSize === 512 ? "" : `,logical_block_size=${sectorSize},physical_block_size=${sectorSize}`;
  switch (controller) {
    case "ide":
    case "ahci": {
      // q35 has AHCI built in and no IDE; pc has IDE built in and takes AHCI as a card.
      if (controller === "ide" && chipset === "q35") throw new Error("q35 has no IDE controller");
      const card = controller === "ahci" && chipset === "pc";
      const bus = card ? "card0.0" : "ide.0";
      return [
        ...(card ? ["-device", "ahci,id=card0"] : []),
        "-device",
        `ide-hd,drive=disk0,bus=${bus},bootindex=1`,
      ];
    }
    case "nvme":
      return ["-device", `nvme,drive=disk0,serial=disk0,bootindex=1${sectors}`];
    case "virtio-blk":
      return ["-device", `virtio-blk-pci,drive=disk0,bootindex=1${sectors}`];
    case "lsi53c895a":
    case "megasas":
    case "pvscsi":
    case "virtio-scsi": {
      const card = controller === "virtio-scsi" ? "virtio-scsi-pci" : controller;
      return [
        "-device",
        `${card},id=card0`,
        "-device",
        `scsi-hd,drive=disk0,bus=card0.0,bootindex=1${sectors}`,
      ];
    }
  }
}

function driveArguments({ drives = [] }: Hardware): string[] {
  const isScsi = ({ isUsb = false }: Drive): boolean => !isUsb;
  return [
    ...(drives.some(isScsi) ? ["-device", "virtio-scsi-pci,id=extra"] : []),
    ...(drives.every(isScsi) ? [] : ["-device", "qemu-xhci,id=usb"]),
    ...drives.flatMap(oneDrive),
  ];
}

function oneDrive(drive: Drive): string[] {
  const { id, kind, file, isWritable = false, isFirst = false, isUsb = false, bytesPerSecond } = drive;
  const isCd = kind === "cd";
  const source = [
    ...["if=none", `id=${id}`, ...(isCd ? ["media=cdrom"] : [])],
    isWritable ? "cache=unsafe" : "readonly=on",
    ...(bytesPerSecond === undefined ? [] : [`throttling.bps-total=${bytesPerSecond}`]),
    ...(file === undefined ? [] : ["format=raw", `file=${quoted(file)}`]),
  ];
  const device = [
    ...[isUsb ? "usb-storage" : `scsi-${isCd ? "cd" : "hd"}`, `drive=${id}`, `id=${id}`],
    ...(isUsb ? ["bus=usb.0", "removable=on"] : ["bus=extra.0"]),
    ...(isWritable ? [`serial=${id}`] : []),
    ...(isFirst ? ["bootindex=0"] : []),
  ];
  return ["-drive", source.join(","), "-device", device.join(",")];
}

function netdevText({ tap, forwards = [], guestAddress = GUEST_ADDRESS }: Hardware): string {
  if (tap !== undefined) return `tap,id=net0,ifname=${tap},script=no,downscript=no`;
  // IPv6 off: QEMU would announce a DNS server there that nothing stands behind.
  const rules = forwards.map(({ host, guest }) => `hostfwd=tcp:0.0.0.0:${host}-${guestAddress}:${guest}`);
  return ["user", "id=net0", `net=${GUEST_NETWORK}`, "ipv6=off", "restrict=off", ...rules].join(",");
}

function kernelArguments({ kernel }: Hardware): string[] {
  if (kernel === undefined) return [];
  return ["-kernel", kernel.image, "-initrd", kernel.initrd, "-append", kernel.append];
}

/** A comma in a QEMU option value is written twice. */
function quoted(path: string): string {
  return path.replaceAll(",", ",,");
}
