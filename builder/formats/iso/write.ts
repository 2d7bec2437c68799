import { mkdir, open, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileSource, writeExactly } from "../../../appliance/disk/bytes.ts";
import { derivedUuid } from "../../../appliance/disk/ids.ts";
import { PosternError } from "../../error.ts";
import { run } from "../../host/run.ts";
import { sha256File } from "../../host/sha256.ts";
import { factsText, type MediumFacts } from "./facts.ts";
import { sha256Bytes, unplacedEltorito, unplacedMbr } from "./patched.ts";
import { ISO_PATHS, markerPath } from "./paths.ts";
import { volumeSumsText } from "./sums.ts";
import { WHOLE_SUM_OFFSET, wholeSum, wholeSumField } from "./whole.ts";
import { type IsoFile, LARGEST_ESP, xorrisoArgs } from "./xorriso.ts";

export interface IsoOptions {
  /** Must not exist; mode 0644 or what `mode` says. */
  out: string;
  mode?: number;
  /** A folder on the host for what is made on the way; made if it is not there. */
  work: string;
  /** Everything of the volume but the facts, the sums, the marker and the El Torito image. */
  files: readonly IsoFile[];
  facts: Omit<MediumFacts, "esp" | "mbr" | "eltorito">;
  /** Image of the EFI system partition. */
  esp: string;
  /** GRUB's first sector and its El Torito image; what tells where they lie may be filled in. */
  mbr: Buffer;
  eltorito: Buffer;
  signal: AbortSignal;
}

/**
 * Writes an installation medium: the volume, the sums of all that is in it, and both ways to start from it. The same
 * parts give the same bytes.
 *
 * @throws PosternError `artifact.iso`
 */
export async function writeIso(options: IsoOptions): Promise<void> {
  const { out, work, esp, signal, facts } = options;
  await requireSmallEsp(esp);
  const lay = async (path: string, bytes: string | Buffer): Promise<IsoFile> => {
    const source = join(work, path);
    await mkdir(dirname(source), { recursive: true });
    await writeFile(source, bytes);
    return { path, source };
  };
  const mbr = unplacedMbr(options.mbr);
  const eltorito = unplacedEltorito(options.eltorito);
  const whole: MediumFacts = {
    ...facts,
    esp: await sha256File(esp, signal),
    mbr: sha256Bytes(mbr),
    eltorito: sha256Bytes(eltorito),
  };
  const files = [
    ...options.files,
    await lay(ISO_PATHS.facts, factsText(whole)),
    await lay(markerPath(facts.id), ""),
  ];
  const sums = new Map<string, string>();
  for (const { path, source } of files) sums.set(path, await sha256File(source, signal));
  files.push(await lay(ISO_PATHS.sums, volumeSumsText(sums)), await lay(ISO_PATHS.eltorito, eltorito));
  const first = await lay("boot_hybrid.img", mbr);
  const args = xorrisoArgs({
    ...{ out, files, esp, epoch: facts.epoch },
    ...{ mbr: first.source, disk: derivedUuid(facts.id, "iso disk"), eltorito: ISO_PATHS.eltorito },
  });
  try {
    await run("xorriso", args, {
      signal,
      code: "artifact.iso",
      env: { SOURCE_DATE_EPOCH: String(facts.epoch) },
    });
    await settle(out, options.mode ?? 0o644, signal);
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  }
}

async function requireSmallEsp(esp: string): Promise<void> {
  const { size } = await stat(esp);
  if (size <= LARGEST_ESP) return;
  throw new PosternError({
    code: "artifact.iso",
    message: `the EFI system partition has ${size} bytes; El Torito takes ${LARGEST_ESP}`,
    hint: "Its boot loaders have grown; they must be fewer or smaller.",
  });
}

/** With its own sum, on the disk whole, and with its mode whatever the umask. */
async function settle(path: string, mode: number, signal: AbortSignal): Promise<void> {
  const file = await open(path, "r+");
  try {
    const sum = await wholeSum(await fileSource(file), signal);
    await writeExactly(file, WHOLE_SUM_OFFSET, wholeSumField(sum));
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}
