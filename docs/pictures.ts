#!/usr/bin/env node
/**
 * Pictures of every page of the console, from a machine that runs, typed on its own keyboard:
 * `POSTERN_DIST=dist node docs/pictures.ts`. Writes `docs/pictures/*.png` and the page `docs/pictures.md`.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { firstQuestion } from "../tests/boot/firstboot.ts";
import { distFolder } from "../tests/boot/kit/artifacts.ts";
import { startCloud } from "../tests/boot/kit/cloud.ts";
import { enclose, exitWith, session } from "../tests/boot/kit/enclose.ts";
import { furnishNamespace } from "../tests/boot/kit/netns.ts";
import { connectOnly, echoThrough } from "../tests/boot/kit/proxyclient.ts";
import type { Machine } from "../tests/boot/kit/qemu.ts";
import { sessionFolder } from "../tests/boot/kit/session.ts";
import { makeSshKey } from "../tests/boot/kit/ssh.ts";
import { pressKeys, typeKeys } from "../tests/boot/kit/typing.ts";
import { boot } from "../tests/boot/machines.ts";
import { ALLOWED_NAME, INSIDE } from "../tests/boot/probes.ts";
import { type Page, pagesOf, pageText } from "./pictures/pages.ts";

const FOLDER = join(import.meta.dirname, "pictures");
/** Milliseconds between two looks at the screen; a page that was the same three times is whole. */
const LOOK = 400;
const SAME = 3;
/** A page may take this long: checks, and Squid's start under emulation. */
const PATIENCE = 300_000;

async function main(): Promise<number> {
  const folder = session();
  if (folder === undefined) {
    process.env.POSTERN_DIST = resolve(distFolder());
    return enclose(import.meta.filename, []);
  }
  await furnishNamespace(folder);
  const cloud = await startCloud(await sessionFolder("cloud"));
  const machine = await boot("pictures", { screen: { width: 640, height: 400 } });
  try {
    await firstQuestion(machine);
    const key = await makeSshKey(await sessionFolder("key"));
    const pages = pagesOf(key.publicLine);
    await mkdir(FOLDER, { recursive: true });
    let last: Buffer = Buffer.alloc(0);
    for (const page of pages) {
      if (page.traffic === true) await makeTraffic(cloud.ca);
      await act(machine, page);
      last = await picture(machine, page, last);
      console.log(page.name);
    }
    await writeFile(join(import.meta.dirname, "pictures.md"), pageText(pages));
    return 0;
  } finally {
    await machine.stop();
    await cloud.close();
  }
}

/** What leads to a page. */
async function act({ qmp }: Machine, { type, press = [] }: Page): Promise<void> {
  for (const names of press) await pressKeys(qmp, names);
  if (type !== undefined) await typeKeys(qmp, type);
}

/**
 * Waits until the screen is another one and stays so, and keeps it. Where a page moves by itself on the way
 * (`live`), it is kept as it was before the last change.
 */
async function picture(machine: Machine, page: Page, last: Buffer): Promise<Buffer> {
  const { name, live, liveBefore = 1, rest = SAME } = page;
  const end = performance.now() + PATIENCE;
  const frames = [last];
  let same = 0;
  while (performance.now() < end) {
    const now = await readFile(await machine.screenshot("look"));
    const seen = frames.at(-1) ?? last;
    same = now.equals(seen) ? same + 1 : 0;
    if (same === 0) frames.push(now);
    if (same >= rest && !seen.equals(last)) {
      // Of a few frames the fullest: one of them may be a screen that was just cleared.
      const moving = frames
        .slice(-4 - liveBefore, -liveBefore)
        .sort((one, other) => other.length - one.length);
      if (live !== undefined) await writeFile(join(FOLDER, `${live}.png`), moving[0] ?? last);
      await writeFile(join(FOLDER, `${name}.png`), seen);
      return seen;
    }
    await pause(LOOK);
  }
  throw new Error(`${name}: the screen did not come to rest on another page`);
}

/** A client that is served and refused, so that the status screen has something to say. */
async function makeTraffic(ca: string): Promise<void> {
  for (let count = 0; count < 12; count++) await echoThrough(INSIDE, ALLOWED_NAME, ca, "a report");
  for (const target of ["www.example.com:443", "198.51.100.200:443", `${ALLOWED_NAME}:8443`]) {
    await connectOnly(INSIDE, target);
  }
}

await exitWith(main);
