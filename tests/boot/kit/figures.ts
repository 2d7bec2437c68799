import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LOGS } from "./evidence.ts";

/** Figures of the runs on this host, by name; a figure is shown, never asserted. */
export type Figures = Record<string, number>;

const FILE = "figures.json";

/** Seconds with one decimal, added to `figures.json` in the folder (`tests/boot/logs` by default). */
export async function noteFigure(name: string, seconds: number, folder = LOGS): Promise<void> {
  const figures = { ...(await readFigures(folder)), [name]: Math.round(seconds * 10) / 10 };
  await mkdir(folder, { recursive: true });
  const sorted = Object.fromEntries(Object.entries(figures).sort(([a], [b]) => (a < b ? -1 : 1)));
  const half = join(folder, `${FILE}.new`);
  await writeFile(half, `${JSON.stringify(sorted, null, 2)}\n`);
  await rename(half, join(folder, FILE));
}

/** What is noted so far; nothing when there is no file. */
export async function readFigures(folder = LOGS): Promise<Figures> {
  const text = await readFile(join(folder, FILE), "utf8").catch(() => "{}");
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}
