import { guidBytes } from "../../../appliance/disk/ids.ts";

/** Bytes of the footer of a VHD ("Virtual Hard Disk Image Format Specification" 1.0, Microsoft, 2006). */
export const FOOTER = 512;

const COOKIE = "conectix";
const FEATURES = 2;
const VERSION = 0x00010000;
/** Seconds from 1970 to 2000: VHD counts from there. */
const YEAR_2000 = 946_684_800;
/** What Windows writes; Azure and qemu-img take the size field at its word then. */
const CREATOR = { application: "win ", version: 0x000a0000, host: "Wi2k" } as const;
/**
 * Cylinders, heads, sectors: the largest there is, whatever the size. A computed geometry is smaller than the disk,
 * and some tools then think that the disk ends there.
 */
const GEOMETRY = { cylinders: 65535, heads: 16, sectors: 255 } as const;
const FIXED = 2;

/** The footer of a fixed VHD: `size` bytes of disk stand before it. */
export function vhdFooter(size: number, id: string, epoch: number): Buffer {
  const footer = Buffer.alloc(FOOTER);
  footer.write(COOKIE, 0, "latin1");
  footer.writeUInt32BE(FEATURES, 8);
  footer.writeUInt32BE(VERSION, 12);
  footer.fill(0xff, 16, 24);
  footer.writeUInt32BE(Math.max(0, epoch - YEAR_2000), 24);
  footer.write(CREATOR.application, 28, "latin1");
  footer.writeUInt32BE(CREATOR.version, 32);
  footer.write(CREATOR.host, 36, "latin1");
  footer.writeBigUInt64BE(BigInt(size), 40);
  footer.writeBigUInt64BE(BigInt(size), 48);
  footer.writeUInt16BE(GEOMETRY.cylinders, 56);
  footer.writeUInt8(GEOMETRY.heads, 58);
  footer.writeUInt8(GEOMETRY.sectors, 59);
  footer.writeUInt32BE(FIXED, 60);
  guidBytes(id).copy(footer, 68);
  footer.writeUInt32BE(checksum(footer), 64);
  return footer;
}

/** Everything wrong with a footer that should stand behind `size` bytes of disk. */
export function footerProblems(footer: Buffer, size: number): string[] {
  if (footer.toString("latin1", 0, 8) !== COOKIE) return ["footer: no cookie"];
  const zeroed = Buffer.from(footer);
  zeroed.writeUInt32BE(0, 64);
  const wanted: [string, number, number][] = [
    ["checksum", footer.readUInt32BE(64), checksum(zeroed)],
    ["features", footer.readUInt32BE(8), FEATURES],
    ["version", footer.readUInt32BE(12), VERSION],
    ["original size", Number(footer.readBigUInt64BE(40)), size],
    ["current size", Number(footer.readBigUInt64BE(48)), size],
    ["type", footer.readUInt32BE(60), FIXED],
    ["cylinders", footer.readUInt16BE(56), GEOMETRY.cylinders],
    ["saved state", footer.readUInt8(84), 0],
  ];
  const problems = wanted.filter(([, is, should]) => is !== should);
  const texts = problems.map(([name, is, should]) => `footer: ${name} is ${is}, not ${should}`);
  return footer.readBigUInt64BE(16) === 2n ** 64n - 1n
    ? texts
    : [...texts, "footer: it names a dynamic header"];
}

/** The bits of the sum of all bytes, turned over; the field itself counts as 0. */
function checksum(footer: Buffer): number {
  let sum = 0;
  for (const byte of footer) sum += byte;
  return ~sum >>> 0;
}
