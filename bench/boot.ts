#!/usr/bin/env node
/**
 * Power-on to the console's first question, against a plain Debian's power-on to login, on one emulator:
 * `POSTERN_DIST=dist node bench/boot.ts [runs]`. The two take turns, so that a host that is slow for a
 * while is slow for both. Prints the seconds of each run, the medians and their ratio, and keeps them in
 * `tests/boot/logs/figures.jsonl`.
 */
import { resolve } from "node:path";
import { FIRST_QUESTION } from "../tests/boot/firstboot.ts";
import { artifactDisk, distFolder } from "../tests/boot/kit/artifacts.ts";
import { enclose, exitWith, session } from "../tests/boot/kit/enclose.ts";
import { noteFigure } from "../tests/boot/kit/figures.ts";
import { furnishNamespace } from "../tests/boot/kit/netns.ts";
import { type Image, startMachine } from "../tests/boot/kit/qemu.ts";
import { sessionFolder } from "../tests/boot/kit/session.ts";
import { SETUPS } from "../tests/boot/machines.ts";
import { plainDebian } from "./debian.ts";
import { median } from "./median.ts";

const DEFAULT_RUNS = 3;
const TIMEOUT = 300_000;

async function main([runs = String(DEFAULT_RUNS)]: readonly string[]): Promise<number> {
  const folder = session();
  if (folder === undefined) {
    process.env.POSTERN_DIST = resolve(distFolder());
    process.env.POSTERN_BENCH_DEBIAN = await plainDebian();
    return enclose(import.meta.filename, [runs]);
  }
  await furnishNamespace(folder);
  const debian: Image = { file: process.env.POSTERN_BENCH_DEBIAN ?? "", format: "raw" };
  const postern = await artifactDisk("ova", await sessionFolder("artifacts"));
  const seconds: { debian: number[]; postern: number[] } = { debian: [], postern: [] };
  for (let run = 1; run <= Number(runs); run += 1) {
    seconds.debian.push(await timeTo(debian, /login: $/, `debian-${run}`));
    seconds.postern.push(await timeTo(postern, FIRST_QUESTION, `postern-${run}`));
    console.log(`run ${run}: Debian ${show(seconds.debian.at(-1))}, Postern ${show(seconds.postern.at(-1))}`);
  }
  const [plain, ours] = [median(seconds.debian), median(seconds.postern)];
  const ratio = ours / plain;
  console.log(`medians: Debian ${show(plain)}, Postern ${show(ours)}, ratio ${ratio.toFixed(2)}`);
  await noteFigure("bench: plain Debian, power-on to login, s", plain);
  await noteFigure("bench: Postern, power-on to the first question, s", ours);
  return 0;
}

/** Boots an image where the OVA's tests boot it; seconds until the text is there. */
async function timeTo(image: Image, text: string | RegExp, name: string): Promise<number> {
  const machine = await startMachine(await sessionFolder(name), image, {
    ...SETUPS["ova-bios"].hardware,
    cpus: 2,
  });
  try {
    await machine.serial.expect(text, { timeout: TIMEOUT });
    return machine.uptime() / 1000;
  } finally {
    await machine.stop();
  }
}

function show(seconds: number | undefined): string {
  return seconds === undefined ? "none" : `${seconds.toFixed(1)} s`;
}

await exitWith(() => main(process.argv.slice(2)));
