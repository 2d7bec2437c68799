import { openIfThere, readBlock } from "../traffic/backwards.ts";

/** The last whole lines of a file, at most so many bytes; empty where there is no file. */
export async function lastLines(path: string, most: number): Promise<string> {
  const file = await openIfThere(path);
  if (file === undefined) return "";
  try {
    const { size } = await file.stat();
    const length = Math.min(size, most);
    const text = (await readBlock(file, size - length, length)).toString("utf8");
    // The first line may have lost its beginning, and a secret in it could not be told any more.
    return length < size ? text.slice(text.indexOf("\n") + 1) : text;
  } finally {
    await file.close();
  }
}
