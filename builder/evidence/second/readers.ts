import { partOf } from "../../../appliance/disk/bytes.ts";
import { readTables } from "../../formats/vmdk/tables.ts";
import { run } from "../../host/run.ts";
import { qemuImage, qemuProblems } from "./qemuimg.ts";
import type { SecondReader, Subject } from "./reader.ts";
import { withTwin } from "./twin.ts";

/** Room for both copies of a GPT with its entries, wherever sectors are 512 bytes or 4 KiB. */
const TABLE_ROOM = 1024 * 1024;

/** Programs that look at a container or at the disk inside, in this order. A new format adds its own here. */
export const SECOND_READERS: readonly SecondReader[] = [
  {
    command: "qemu-img",
    package: "qemu-utils",
    formats: ["ova", "vhdx", "vhd"],
    name: "qemu-img: the image's tables and size",
    async read({ path, format, reading, signal }) {
      const image = await qemuImage(path, format);
      return image === undefined ? ["no disk inside"] : qemuProblems(image, reading.diskSize, signal);
    },
  },
  {
    command: "vmdkinfo",
    package: "libvmdk-utils",
    formats: ["ova"],
    name: "vmdkinfo: VMDK",
    read: vmdkProblems,
  },
  {
    command: "vhdiinfo",
    package: "libvhdi-utils",
    formats: ["vhdx", "vhd"],
    name: "vhdiinfo: the virtual disk",
    async read({ path, reading, signal }) {
      const { stdout } = await run("vhdiinfo", [path], { signal });
      return sizeProblems(stdout, reading.diskSize);
    },
  },
  {
    command: "xmllint",
    package: "libxml2-utils",
    formats: ["ova"],
    name: "xmllint: OVF well-formed",
    async read({ reading, source, signal }) {
      if (reading.parts === undefined) return ["no OVF inside"];
      const { start, length } = reading.parts.ovf;
      const input = (await source.read(start, length)).toString("utf8");
      await run("xmllint", ["--noout", "--nonet", "-"], { input, signal });
      return [];
    },
  },
  {
    command: "virt-v2v",
    package: "virt-v2v",
    formats: ["ova"],
    name: "virt-v2v: OVA, its manifest and its hardware",
    async read({ path, signal }) {
      await run("virt-v2v", ["-i", "ova", path, "--print-source"], {
        signal,
        env: { LIBGUESTFS_BACKEND: "direct" },
      });
      return [];
    },
  },
  {
    command: "sgdisk",
    package: "gdisk",
    formats: ["ova", "vhdx", "hyperv", "vhd", "raw"],
    name: "sgdisk: GPT",
    read: gptProblems,
  },
  {
    command: "xorriso",
    package: "xorriso",
    formats: ["iso"],
    name: "xorriso: both ways to start, and both partition tables",
    read: isoProblems,
  },
];

/** vmdkinfo reads a file by itself, and nothing of the grains. */
async function vmdkProblems({ reading, source, signal }: Subject): Promise<string[]> {
  if (reading.parts === undefined) return ["no VMDK inside"];
  const { start, length } = reading.parts.vmdk;
  const vmdk = partOf(source, start, length);
  const { tables } = await readTables(vmdk);
  if (tables === undefined) return ["no tables that it could read"];
  const head = { start: 0, length: tables.layout.overhead * 512 };
  return withTwin(vmdk, [head], async (path) => {
    const { stdout } = await run("vmdkinfo", [path], { signal });
    const isOurs = /Disk type:\s+Stream optimized/.test(stdout);
    return [...(isOurs ? [] : ["not a stream optimized disk"]), ...sizeProblems(stdout, reading.diskSize)];
  });
}

/** sgdisk reads raw disks only, and of them nothing but both ends. */
async function gptProblems({ reading: { disk }, signal }: Subject): Promise<string[]> {
  if (disk === undefined) return ["no disk inside"];
  const ends = [
    { start: 0, length: TABLE_ROOM },
    { start: disk.size - TABLE_ROOM, length: TABLE_ROOM },
  ];
  return withTwin(disk, ends, async (path) => {
    const { stdout, stderr } = await run("sgdisk", ["-v", path], { signal });
    // It ends with 0 whatever it finds, and mends what it can before it looks for problems.
    const text = `${stdout}\n${stderr}`;
    if (stdout.includes("No problems found.") && !/corrupt|invalid|damaged/i.test(text)) return [];
    return text.split("\n").filter((line) => line.trim() !== "");
  });
}

/** What xorriso says of a medium that starts by BIOS and UEFI, from a CD and from a stick. */
const ISO_LINES: readonly (readonly [string, RegExp])[] = [
  ["El Torito image for BIOS", /^El Torito boot img : +1 +BIOS +y +none/m],
  ["El Torito image for UEFI", /^El Torito boot img : +2 +UEFI +y +none/m],
  ["GRUB's boot sector and a GPT", /^System area summary: +MBR .*grub2-mbr.* GPT/m],
];

async function isoProblems({ path, signal }: Subject): Promise<string[]> {
  const { stdout } = await run(
    "xorriso",
    ["-indev", `stdio:${path}`, "-report_el_torito", "plain", "-report_system_area", "plain"],
    { signal },
  );
  return ISO_LINES.filter(([, line]) => !line.test(stdout)).map(([name]) => `it finds no ${name}`);
}

/** libyal's programs say `Media size : 16 GiB (17179869184 bytes)`. */
function sizeProblems(text: string, size: number): string[] {
  const found = /Media size\s*:\s*(?:[^\n(]*\()?(\d+) bytes/.exec(text)?.[1];
  const problems = /mismatch|corrupt/i.test(text)
    ? text.split("\n").filter((line) => /mismatch|corrupt/i.test(line))
    : [];
  return Number(found) === size ? problems : [...problems, `it finds a disk of ${found ?? "no"} bytes`];
}
