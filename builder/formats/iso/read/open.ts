import { type ByteSource, partOf } from "../../../../appliance/disk/bytes.ts";
import { PosternError } from "../../../error.ts";
import { type MediumFacts, parseFacts } from "../facts.ts";
import { ISO_PATHS } from "../paths.ts";
import type { VolumeFile } from "./directory.ts";
import { type BootCatalog, readBootCatalog } from "./eltorito.ts";
import { readVolume, type Volume } from "./volume.ts";

/** An installation medium as far as it must be read to find everything on it. */
export interface Medium {
  source: ByteSource;
  volume: Volume;
  catalog: BootCatalog;
  facts: MediumFacts;
  /** The EFI system partition. */
  esp: ByteSource;
}

/** Texts on the medium are small; a broken one must not fill the memory. */
const LARGEST_TEXT = 1024 * 1024;
const SECTOR = 512;

/** @throws PosternError `artifact.iso`, RangeError for a volume that cannot be read. */
export async function openMedium(source: ByteSource): Promise<Medium> {
  const volume = await readVolume(source);
  const facts = parseFacts(await textOf(source, volume, ISO_PATHS.facts));
  const catalog = await readBootCatalog(source, volume.bootCatalog);
  const esp = partOf(source, catalog.uefi.offset, catalog.uefi.sectors * SECTOR);
  return { source, volume, catalog, facts, esp };
}

/** @throws PosternError `artifact.iso` when it is not there. */
export function placeOf(volume: Volume, path: string): VolumeFile {
  const place = volume.files.get(path);
  if (place !== undefined) return place;
  throw new PosternError({
    code: "artifact.iso",
    message: `there is no /${path} on the medium`,
    hint: "Is it an installation medium of Postern? ./postern build --formats iso makes one.",
  });
}

/** A text of the volume. @throws PosternError `artifact.iso` when it is not there or too large. */
export async function textOf(source: ByteSource, volume: Volume, path: string): Promise<string> {
  const { offset, size } = placeOf(volume, path);
  if (size > LARGEST_TEXT) throw new RangeError(`/${path} is too large`);
  return (await source.read(offset, size)).toString("utf8");
}
