import { mkdir, mkdtemp, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ByteSource, fileSource, partOf } from "../../../appliance/disk/bytes.ts";
import { derivedUuid } from "../../../appliance/disk/ids.ts";
import { PosternError } from "../../error.ts";
import { syncFolder } from "../../host/write.ts";
import { ISO_PATHS, markerPath } from "./paths.ts";
import { readIso } from "./read/check.ts";
import { type Medium, openMedium, placeOf } from "./read/open.ts";
import { writeIso } from "./write.ts";
import type { IsoFile } from "./xorriso.ts";

/** What a medium is to bring beside its system. Texts are checked already. */
export interface Additions {
  /** `settings.yaml` for the installed system. */
  settings?: string;
  /** `install.yaml`: an installation that asks nobody. */
  install?: string;
}

export interface RemasterOptions extends Additions {
  /** The installation medium to start from; it is only read. */
  source: string;
  /** Where the new one goes; what stands there is replaced when all is done. Mode 0600. */
  out: string;
  signal: AbortSignal;
}

const PIECE = 1024 * 1024;
const SECTOR = 512;

/**
 * Makes a medium with settings of another one, by the code that made the first: the same ways to start, the same
 * system, an id of its own. What an earlier call had added is not taken over. The same input gives the same bytes.
 *
 * @returns the new medium's id
 * @throws PosternError `artifact.iso` for a medium that is damaged or none of ours.
 */
export async function remaster({ source, out, signal, ...additions }: RemasterOptions): Promise<string> {
  const file = await open(source);
  // Beside the result, so that it comes there by a rename; nobody else may look in: a password's hash may be inside.
  const work = await mkdtemp(join(dirname(out), ".postern-iso-"));
  try {
    const bytes = await fileSource(file);
    const { problems } = await readIso(bytes);
    if (problems.length > 0) throw damaged(source, problems);
    const medium = await openMedium(bytes);
    signal.throwIfAborted();
    const id = newId(medium.facts.id, additions);
    const next = join(work, "new.iso");
    await writeIso({
      out: next,
      mode: 0o600,
      work: join(work, "made"),
      files: [...(await takeOut(medium, id, join(work, "old"), signal)), ...(await lay(additions, work))],
      facts: { ...medium.facts, id },
      esp: await saved(medium.esp, join(work, "esp.img"), signal),
      mbr: await bytes.read(0, SECTOR),
      eltorito: await wholeOf(medium, ISO_PATHS.eltorito),
      signal,
    });
    await rename(next, out);
    await syncFolder(dirname(out));
    return id;
  } finally {
    await file.close();
    await rm(work, { recursive: true, force: true });
  }
}

/** Another content is another medium: the boot script must not take one for the other. */
function newId(id: string, { settings, install }: Additions): string {
  return derivedUuid(JSON.stringify([id, settings ?? null, install ?? null]), "iso medium").replaceAll(
    "-",
    "",
  );
}

/** Made anew for each medium, or an earlier addition. */
function isMade(path: string, id: string): boolean {
  const made: readonly string[] = [
    ...[ISO_PATHS.facts, ISO_PATHS.sums, ISO_PATHS.eltorito, ISO_PATHS.settings, ISO_PATHS.install],
    ...["boot.catalog", markerPath(id)],
  ];
  return made.includes(path);
}

async function takeOut(
  { source, volume, facts }: Medium,
  id: string,
  folder: string,
  signal: AbortSignal,
): Promise<IsoFile[]> {
  const files: IsoFile[] = [];
  for (const [path, { offset, size }] of volume.files) {
    if (isMade(path, facts.id)) continue;
    // Numbered: a name from a medium is no path on this host.
    const target = join(folder, String(files.length));
    await mkdir(folder, { recursive: true });
    if (path === ISO_PATHS.menu) {
      const menu = (await source.read(offset, size)).toString("utf8");
      await writeFile(target, menu.replaceAll(facts.id, id));
    } else await saved(partOf(source, offset, size), target, signal);
    files.push({ path, source: target });
  }
  return files;
}

async function lay({ settings, install }: Additions, work: string): Promise<IsoFile[]> {
  const texts = [
    { path: ISO_PATHS.settings, text: settings },
    { path: ISO_PATHS.install, text: install },
  ];
  const files: IsoFile[] = [];
  for (const { path, text } of texts) {
    if (text === undefined) continue;
    const source = join(work, path.replaceAll("/", "-"));
    await writeFile(source, text, { mode: 0o600 });
    files.push({ path, source });
  }
  return files;
}

async function wholeOf({ source, volume }: Medium, path: string): Promise<Buffer> {
  const { offset, size } = placeOf(volume, path);
  return source.read(offset, size);
}

async function saved(source: ByteSource, target: string, signal: AbortSignal): Promise<string> {
  const file = await open(target, "wx", 0o600);
  try {
    for (let at = 0; at < source.size; at += PIECE) {
      signal.throwIfAborted();
      await file.write(await source.read(at, Math.min(PIECE, source.size - at)));
    }
  } finally {
    await file.close();
  }
  return target;
}

function damaged(source: string, problems: readonly string[]): PosternError {
  return new PosternError({
    code: "artifact.iso",
    message: `${source} is not a whole installation medium of Postern:\n  ${problems.join("\n  ")}`,
    hint: "Fetch it again, or build it: ./postern build --formats iso.",
  });
}
