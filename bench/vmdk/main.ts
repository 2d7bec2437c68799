#!/usr/bin/env node
/**
 * Our VMDK writer beside `qemu-img convert`, in turn: `node bench/vmdk/main.ts DISK [rounds]`. DISK is a raw disk, such
 * as the one that ships in the build's cache (`stages/disk-*`), or `sparse` or `noise`. Prints the medians with the
 * smallest and the largest round, and the ratio of the medians. Needs GNU time (package `time`).
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../builder/host/run.ts";
import { tableText } from "../../builder/host/text.ts";
import { median } from "../median.ts";
import { MADE_DISKS, type MadeDisk } from "./disks.ts";

const ROUNDS = 3;
const PACK = join(import.meta.dirname, "pack.ts");
const COLUMNS = ["wall s", "cpu s", "peak MB", "size MB"] as const;

/** A round of one writer, as in COLUMNS. */
type Figures = readonly [wall: number, cpu: number, peak: number, size: number];

async function main([disk = "", rounds = String(ROUNDS)]: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
  try {
    const raw = isMade(disk) ? join(folder, "disk.raw") : disk;
    if (isMade(disk)) await MADE_DISKS[disk](raw);
    const out = join(folder, "disk.vmdk");
    const qemu = [
      "qemu-img",
      "convert",
      "-f",
      "raw",
      "-O",
      "vmdk",
      "-o",
      "subformat=streamOptimized",
      raw,
      out,
    ];
    const figures: { ours: Figures[]; qemu: Figures[] } = { ours: [], qemu: [] };
    for (let round = 0; round < Number(rounds); round += 1) {
      figures.ours.push(await timed([process.execPath, PACK, raw, out], out));
      figures.qemu.push(await timed(qemu, out));
    }
    const ratios = COLUMNS.map((_, at) => middle(figures.qemu, at) / middle(figures.ours, at));
    process.stdout.write(
      tableText([
        ["", ...COLUMNS],
        ["ours", ...COLUMNS.map((_, at) => spread(figures.ours, at))],
        ["qemu-img", ...COLUMNS.map((_, at) => spread(figures.qemu, at))],
        ["qemu-img to ours", ...ratios.map((ratio) => ratio.toFixed(2))],
      ]),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs a command that writes `out`, and removes that. */
async function timed(command: readonly string[], out: string): Promise<Figures> {
  const { stderr } = await run("/usr/bin/time", ["-f", "%e %U %S %M", ...command]);
  const [wall = 0, user = 0, system = 0, peak = 0] = (stderr.trim().split("\n").at(-1) ?? "")
    .split(" ")
    .map(Number);
  const { size } = await stat(out);
  await rm(out);
  return [wall, user + system, (peak * 1024) / 1e6, size / 1e6];
}

function middle(rounds: readonly Figures[], at: number): number {
  return median(rounds.map((figures) => figures[at] ?? 0));
}

function spread(rounds: readonly Figures[], at: number): string {
  const values = rounds.map((figures) => figures[at] ?? 0);
  return `${middle(rounds, at).toFixed(1)} (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
}

function isMade(disk: string): disk is MadeDisk {
  return Object.hasOwn(MADE_DISKS, disk);
}

await main(process.argv.slice(2));
