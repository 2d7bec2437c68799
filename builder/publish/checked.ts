import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PosternError } from "../error.ts";
import { readBeside } from "../evidence/beside.ts";
import { SUMS_FILE } from "../evidence/sums.ts";
import { sha256File } from "../host/sha256.ts";
import { bytesText } from "../host/text.ts";
import type { Progress } from "../pipeline/progress.ts";

/** An image that is to be brought to a platform. */
export interface CheckedImage {
  path: string;
  /** Without its folder. */
  name: string;
  /** Bytes. */
  size: number;
  /** Of the file as it is, hex. */
  sha256: string;
  /** Whether SHA256SUMS or a record beside it names this sum. */
  isCompared: boolean;
}

/**
 * The image with an ending: the file that is named, or the only such file of the folder that is named. Its sum must be
 * that of SHA256SUMS and of the record beside it, where they name it.
 *
 * @throws PosternError `input.publish-image` where there is none, or several; `artifact.publish` for one that was changed.
 */
export async function checkedImage(
  path: string,
  ending: string,
  signal: AbortSignal,
  progress: Progress,
): Promise<CheckedImage> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw noImage(`there is no file or folder ${path}`, ending);
  const folder = found.isDirectory() ? path : dirname(path);
  const beside = await readBeside(folder);
  const fitting = beside.names.filter((one) => one.endsWith(ending) && !one.startsWith("."));
  if (found.isDirectory() && fitting.length > 1)
    throw noImage(`${folder} holds ${fitting.length} such images: ${fitting.join(", ")}`, ending);
  const name = found.isDirectory() ? fitting[0] : basename(path);
  if (name === undefined) throw noImage(`${folder} holds no file that ends in ${ending}`, ending);
  if (!name.endsWith(ending)) throw noImage(`${path} does not end in ${ending}`, ending);

  const file = join(folder, name);
  const { size } = await stat(file);
  const wanted = [beside.sums?.get(name), beside.recorded?.get(name)].filter((one) => one !== undefined);
  const sha256 = await progress.step(`check ${name} (${bytesText(size)})`, (inner) =>
    sha256File(file, signal, (done) => inner.bar(done, size, "bytes")),
  );
  if (wanted.some((one) => one !== sha256)) {
    throw new PosternError({
      code: "artifact.publish",
      message: `${file}: its SHA-256 is not the one that ${SUMS_FILE} or the record beside it has`,
      hint: `Do not use it. Fetch it again, or build again; ./postern verify ${folder} says more.`,
    });
  }
  return { path: file, name, size, sha256, isCompared: wanted.length > 0 };
}

function noImage(message: string, ending: string): PosternError {
  const hint = `Name one file that ends in ${ending}, or the folder of one build; ./postern build makes it.`;
  return new PosternError({ code: "input.publish-image", message, hint });
}
