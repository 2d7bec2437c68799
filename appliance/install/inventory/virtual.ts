import type { Disk } from "./disk.ts";

/** Whose virtual disks call themselves so, in vendor and model. */
const VIRTUAL: readonly (readonly [pattern: RegExp, maker: string])[] = [
  [/\biDRAC\b|\bDRAC\b|OEMDRV|SECUPD/i, "Dell iDRAC"],
  [/\biLO\b/i, "HPE iLO"],
  [/^AMI\b.*\bVirtual\b/i, "AMI MegaRAC"],
  [/^(ATEN|Supermicro|SMCI)\b.*\bVirtual\b/i, "Supermicro"],
  [/\b(vKVM|CIMC|CiscoV[DH])\b|^Cisco\b.*\b(Virtual|Hypervisor)\b/i, "Cisco CIMC"],
  [/^(IBM|LENOVO|XCC|IMM)\b.*\b(Composite|Virtual|Remote|Media)\b/i, "Lenovo XCC"],
  [/^(Fujitsu|FTS)\b.*\bVirtual\b|\biRMC\b/i, "Fujitsu iRMC"],
  [/^(Linux File-Stor Gadget|OpenBMC)\b|\bFile-Stor Gadget\b/i, "a BMC"],
  [/\bVirtual (HDisk|HDD|Floppy|CD-?ROM\d*|Media|Folder|USB)/i, "a BMC"],
];

/** Which management processor shows this disk, or undefined for a disk of the server's own. */
export function virtualMaker({ vendor, model }: Pick<Disk, "vendor" | "model">): string | undefined {
  const texts = [`${vendor} ${model}`.trim(), model];
  return VIRTUAL.find(([pattern]) => texts.some((text) => pattern.test(text)))?.[1];
}
