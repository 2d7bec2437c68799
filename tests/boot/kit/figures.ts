import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { LOGS } from "./evidence.ts";

const FILE = "figures.jsonl";

/**
 * A figure with one decimal, added as a line of `figures.jsonl` in the folder (`tests/boot/logs` by default):
 * shown, never asserted. Lines are added, so that two lanes of a run do not lose each other's.
 */
export async function noteFigure(name: string, value: number, folder = LOGS): Promise<void> {
  await mkdir(folder, { recursive: true });
  const line = JSON.stringify({ name, value: Math.round(value * 10) / 10 });
  await appendFile(join(folder, FILE), `${line}\n`);
}
