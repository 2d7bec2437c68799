import { createHash } from "node:crypto";
import type { ByteSource } from "../../../../appliance/disk/bytes.ts";
import { readGpt } from "../../../../appliance/disk/gpt-read.ts";
import { PosternError } from "../../../error.ts";
import { type Check, check } from "../../check.ts";
import { type ContainerReading, containerReading } from "../../format.ts";
import { mbrTarget, placedEltorito, sha256Bytes, unplacedEltorito, unplacedMbr } from "../patched.ts";
import { ISO_PATHS, markerPath } from "../paths.ts";
import { parseVolumeSums } from "../sums.ts";
import { saidSum, wholeSum } from "../whole.ts";
import { VOLUME_ID } from "../xorriso.ts";
import { BLOCK, fileOf } from "./directory.ts";
import { type Medium, openMedium, placeOf, textOf } from "./open.ts";

const SECTOR = 512;
const PIECE = 1024 * 1024;
/** GRUB's El Torito image is small; a broken size must not fill the memory. */
const LARGEST_ELTORITO = 1024 * 1024;
const LEAST_ELTORITO = 4096;
/** The volume's descriptors begin at 32 KiB. */
const MOST_PARTITION_ENTRIES = 248;
const ESP_TYPE = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
/** Of the squashfs superblock: magic, and how many bytes are used (https://dr-emann.github.io/squashfs/). */
const SQUASHFS = { magic: "hsqs", used: 40 } as const;

/** Opens an installation medium, and looks at everything on it, down to the last byte. */
export async function readIso(file: ByteSource): Promise<ContainerReading> {
  const source = bounded(file);
  const checks: Check[] = [];
  /** Each part is looked at, also when another is broken. */
  const look = async (name: string, work: () => Promise<Iterable<string>>): Promise<void> => {
    checks.push(check(`ISO: ${name}`, await problemsIn(work)));
  };
  let medium: Medium | undefined;
  await look("volume descriptors, folders and boot catalogue can be read", async () => {
    medium = await openMedium(source);
    return [];
  });
  await look("every byte, by the sum in its volume descriptor", () => wholeProblems(source));
  if (medium === undefined) return containerReading(checks);
  const opened = medium;
  await look("volume: its name, its mark, the same files by Rock Ridge and Joliet", () =>
    volumeProblems(opened),
  );
  await look("BIOS: first sector and El Torito image", () => biosProblems(opened));
  await look("UEFI: GPT, El Torito and the EFI system partition", () => uefiProblems(opened));
  await look("boot menu: it starts this medium's tree", () => menuProblems(opened));
  await look("squashfs: whole", () => squashfsProblems(opened));
  await look("files: each by its sum", () => fileProblems(opened));
  return containerReading(checks);
}

/** A broken number must not make anybody read behind the end. */
function bounded(file: ByteSource): ByteSource {
  return {
    size: file.size,
    async read(offset, length) {
      if (offset + length <= file.size) return file.read(offset, length);
      throw new RangeError(`it is cut: nothing at byte ${file.size}`);
    },
  };
}

/** What a broken medium makes a reader throw is a problem of the medium; anything else is not. */
async function problemsIn(work: () => Promise<Iterable<string>>): Promise<Iterable<string>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError || error instanceof PosternError) return [error.message];
    throw error;
  }
}

async function wholeProblems(source: ByteSource): Promise<string[]> {
  const said = await saidSum(source);
  if (said === undefined) return ["it has none"];
  return (await wholeSum(source)) === said ? [] : ["it does not hold"];
}

async function volumeProblems({ volume, facts }: Medium): Promise<string[]> {
  const problems: string[] = [];
  if (volume.id !== VOLUME_ID) problems.push(`its name is ${JSON.stringify(volume.id)}, not ${VOLUME_ID}`);
  if (placeOf(volume, markerPath(facts.id)).size !== 0) problems.push("its mark is not empty");
  placeOf(volume, ISO_PATHS.info);
  if (volume.files.size !== volume.jolietFiles.size) problems.push("Rock Ridge and Joliet name other files");
  for (const [path, { offset, size }] of volume.files) {
    const twin = volume.jolietFiles.get(path);
    if (twin?.size !== size || (size > 0 && twin.offset !== offset)) {
      problems.push(`${path} is another file, or none, in Joliet`);
    }
  }
  return problems;
}

async function biosProblems({ source, volume, catalog, facts }: Medium): Promise<string[]> {
  const problems: string[] = [];
  const place = placeOf(volume, ISO_PATHS.eltorito);
  if (catalog.bios.offset !== place.offset) problems.push(`El Torito does not start /${ISO_PATHS.eltorito}`);
  if (catalog.bios.sectors !== 4) problems.push(`El Torito loads ${catalog.bios.sectors} sectors, not 4`);
  if (place.size > LARGEST_ELTORITO || place.size < LEAST_ELTORITO)
    return [...problems, `/${ISO_PATHS.eltorito} has ${place.size} bytes`];
  const image = await source.read(place.offset, place.size);
  if (sha256Bytes(unplacedEltorito(image)) !== facts.eltorito)
    problems.push(`/${ISO_PATHS.eltorito} is not the one that was built`);
  if (!placedEltorito(image, place.offset / BLOCK).equals(image))
    problems.push("the image does not know where it lies");
  const sector = await source.read(0, SECTOR);
  if (sha256Bytes(unplacedMbr(sector)) !== facts.mbr)
    problems.push("the first sector is not the one that was built");
  // GRUB's loader skips the first 2048 bytes, which a CD's firmware has loaded.
  if (mbrTarget(sector) !== place.offset / SECTOR + 4)
    problems.push("the first sector does not know where its next part lies");
  return problems;
}

async function uefiProblems({ source, volume, catalog, facts, esp }: Medium): Promise<string[]> {
  const { gpt, problems } = await readGpt(source, SECTOR, { count: await entryCount(source), hybrid: true });
  const found = problems.map((text) => `GPT: ${text}`);
  if (catalog.uefi.offset < volume.size && catalog.uefi.offset + esp.size > volume.size)
    found.push("the EFI system partition reaches out of the volume");
  const partition = gpt?.partitions.find(({ type }) => type === ESP_TYPE);
  if (partition === undefined) found.push("the partition table has no EFI system partition");
  else {
    const size = (partition.last - partition.first + 1) * SECTOR;
    if (partition.first * SECTOR !== catalog.uefi.offset || size !== esp.size)
      found.push("El Torito and the partition table do not name the same EFI system partition");
  }
  if ((await hashOf(esp)) !== facts.esp) found.push("the EFI system partition is not the one that was built");
  return found;
}

/** xorriso fills what it has before the volume with entries. */
async function entryCount(source: ByteSource): Promise<number> {
  const header = await source.read(SECTOR, SECTOR);
  return Math.min(Math.max(header.readUInt32LE(80), 4), MOST_PARTITION_ENTRIES);
}

async function menuProblems({ source, volume, facts }: Medium): Promise<string[]> {
  const menu = await textOf(source, volume, ISO_PATHS.menu);
  const problems: string[] = [];
  if (!menu.includes(`/${markerPath(facts.id)}`)) problems.push("it does not look for this medium's mark");
  for (const [name, value] of [
    ["postern.medium", facts.id],
    ["postern.sha256", facts.sha256],
  ] as const) {
    const said = new Set([...menu.matchAll(new RegExp(`${name}=([^ \\n]*)`, "g"))].map(([, word]) => word));
    if (said.size !== 1 || !said.has(value)) problems.push(`${name} is not what tree.json says`);
  }
  return problems;
}

async function squashfsProblems({ source, volume, facts }: Medium): Promise<string[]> {
  const place = placeOf(volume, ISO_PATHS.squashfs);
  const problems: string[] = [];
  if (place.size !== facts.size) problems.push(`it has ${place.size} bytes, not ${facts.size}`);
  if (place.size < 96) return [...problems, "it is none"];
  const head = await source.read(place.offset, 96);
  if (head.toString("latin1", 0, 4) !== SQUASHFS.magic) problems.push("it is none");
  if (head.readBigUInt64LE(SQUASHFS.used) > BigInt(place.size)) problems.push("it is cut");
  return problems;
}

/** Every file of the volume against its sum. */
async function fileProblems({ source, volume, facts }: Medium): Promise<string[]> {
  const sums = parseVolumeSums(await textOf(source, volume, ISO_PATHS.sums));
  if (sums === undefined) return ["SHA256SUMS is not as it was written"];
  const problems: string[] = [];
  if (sums.get(ISO_PATHS.squashfs) !== facts.sha256)
    problems.push("SHA256SUMS and tree.json name another squashfs");
  for (const [path, sum] of sums) {
    const place = volume.files.get(path);
    if (place === undefined) problems.push(`${path} is not there`);
    else if ((await hashOf(fileOf(source, place))) !== sum)
      problems.push(`${path} is not the one that was built`);
  }
  const unsummed = new Set<string>([ISO_PATHS.sums, ISO_PATHS.eltorito, "boot.catalog"]);
  for (const path of volume.files.keys()) {
    if (!sums.has(path) && !unsummed.has(path)) problems.push(`${path} is not in SHA256SUMS`);
  }
  return problems;
}

async function hashOf(source: ByteSource): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < source.size; at += PIECE) {
    hash.update(await source.read(at, Math.min(PIECE, source.size - at)));
  }
  return hash.digest("hex");
}
