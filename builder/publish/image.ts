import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ByteSource } from "../../appliance/disk/bytes.ts";
import { PosternError } from "../error.ts";
import { readBeside } from "../evidence/beside.ts";
import { SUMS_FILE } from "../evidence/sums.ts";
import { ENDINGS } from "../formats/names.ts";
import { withArtifact } from "../formats/read.ts";
import { sha256File } from "../host/sha256.ts";
import type { Progress } from "../pipeline/progress.ts";
import type { Format } from "../recipe/recipe.ts";

/** An image on its way to a platform. */
export interface PublishImage {
  path: string;
  format: Format;
  /** Its name without the ending. */
  stem: string;
}

/**
 * The image that is meant: the file itself, or the one image in a folder whose format comes first.
 *
 * @param formats those that the platform takes, the best first
 * @throws PosternError `input.publish-image` when there is none, or more than one
 */
export async function findImage(path: string, formats: readonly Format[]): Promise<PublishImage> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw noImage(`there is no file or folder ${path}`, formats);
  if (!found.isDirectory()) {
    const image = imageOf(path, formats);
    if (image === undefined)
      throw noImage(`${path} cannot be sent there: its name says another format`, formats);
    return image;
  }
  const names = (await readdir(path)).sort();
  for (const format of formats) {
    const images = names.flatMap((name) => imageOf(join(path, name), [format]) ?? []);
    const [first] = images;
    if (first === undefined) continue;
    if (images.length === 1) return first;
    const list = images.map((image) => basename(image.path)).join(", ");
    throw noImage(`${path} holds more than one image: ${list}`, formats);
  }
  throw noImage(`${path} holds no image that can be sent there`, formats);
}

/**
 * Opens an image when it is what its build made: its SHA-256 as far as one lies beside it, its container and its
 * partition table.
 *
 * @throws PosternError `artifact.publish` with everything that is wrong with it
 */
export async function withImage<T>(
  image: PublishImage,
  { signal, progress }: { signal: AbortSignal; progress: Progress },
  use: (disk: ByteSource) => Promise<T>,
): Promise<T> {
  const sums = await progress.step(`look at ${basename(image.path)}`, (inner) =>
    sumProblems(image.path, signal, inner),
  );
  return withArtifact(image.path, image.format, { signal }, async ({ disk, problems }) => {
    const all = [...sums, ...problems];
    if (all.length === 0 && disk !== undefined) return use(disk);
    throw new PosternError({
      code: "artifact.publish",
      message: `${image.path} is not sent:\n${all.map((problem) => `  ${problem}`).join("\n")}`,
      hint: "./postern verify says more. Fetch the image again, or build again: ./postern build.",
    });
  });
}

async function sumProblems(path: string, signal: AbortSignal, progress: Progress): Promise<string[]> {
  const { sums, recorded, broken } = await readBeside(dirname(path));
  const name = basename(path);
  const wanted = [
    [SUMS_FILE, sums?.get(name)],
    ["the record of its build", recorded?.get(name)],
  ] as const;
  const sumsFault = broken.get(SUMS_FILE);
  const unread = sumsFault === undefined ? [] : [`${SUMS_FILE}: ${sumsFault}`];
  if (wanted.every(([, sum]) => sum === undefined)) return unread;
  const { size } = await stat(path);
  const actual = await sha256File(path, signal, (done) => progress.bar(done, size, "bytes"));
  const wrong = wanted.filter(([, sum]) => sum !== undefined && sum !== actual);
  return [...unread, ...wrong.map(([what]) => `its SHA-256 is not the one in ${what}`)];
}

function imageOf(path: string, formats: readonly Format[]): PublishImage | undefined {
  const format = formats.find((one) => path.endsWith(ENDINGS[one]));
  if (format === undefined) return undefined;
  return { path, format, stem: basename(path, ENDINGS[format]) };
}

function noImage(message: string, formats: readonly Format[]): PosternError {
  const endings = formats.map((format) => ENDINGS[format]).join(", ");
  return new PosternError({
    code: "input.publish-image",
    message,
    hint: `Name one file (${endings}) at the end of the command. ./postern build --formats ${formats[0]} makes one.`,
  });
}
