import { readFileSync } from "node:fs";
import { imagesOf } from "../../../../builder/evidence/release/boot.ts";
import type { ReleaseFacts } from "../../../../builder/evidence/release/page.ts";
import { pictureOf } from "../../../../builder/evidence/release/png.ts";
import { record } from "../../reproduce/kit.ts";

/** A picture of the console, as QEMU makes one. */
export const SCREEN = readFileSync(new URL("../../../../docs/pictures/keyboard.png", import.meta.url));

/** Facts with something in every part of a page. @param noise goes into every text that comes from elsewhere */
export function facts(noise = ""): Required<ReleaseFacts> {
  const own = record();
  const picture = pictureOf(SCREEN);
  if (picture === undefined) throw new Error("the picture is none");
  const text = (words: string): string => `${words}${noise}`;
  return {
    baseTitle: "Debian 13 (trixie)",
    record: {
      ...own,
      packages: [{ name: text("squid"), version: text("6.14") }],
      pending: [{ name: text("nano"), installed: text("1"), available: text("2"), security: true }],
    },
    invocation: "sha256:0",
    files: [
      ...own.artifacts.map(({ file, size, sha256 }) => ({ name: file, size, sha256 })),
      { name: text("odd"), size: 2048, sha256: "8".repeat(64) },
    ],
    hardening: {
      counts: { checks: 3, passed: 3, exceptions: 1, cis: 2 },
      sections: [{ title: text("Kernel"), checks: 3, passed: 3, exceptions: 1 }],
    },
    since: { ...own, version: "0.9.0", packages: [{ name: text("squid"), version: text("6.13") }] },
    boot: {
      results: {
        format: 1,
        images: imagesOf(own),
        matrix: "all",
        tests: [
          { group: text("1-ova"), title: text("it boots"), result: "passed", seconds: 61.2 },
          { group: text("1-ova"), title: text("it fails"), result: "failed", seconds: 2 },
          {
            group: text("1-ova"),
            title: text("lynis"),
            result: "skipped",
            seconds: 0,
            reason: text("no root"),
          },
        ],
        screens: [],
      },
      screens: [{ machine: text("ova-bios"), picture }],
    },
  };
}
