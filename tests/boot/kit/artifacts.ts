import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { PosternError } from "../../../builder/error.ts";
import { extractDisk } from "./ova.ts";
import type { Image } from "./qemu.ts";

export type ArtifactKind = "ova" | "vsphere.ova" | "vhdx" | "vhd" | "qcow2" | "iso";

/**
 * Picks one artifact of a kind out of a folder's file names. The portable OVA is meant by `ova`; the one for
 * vSphere is `vsphere.ova`.
 * @returns undefined when there is none.
 * @throws PosternError input.dist when there are several, because then nobody knows which was tested.
 */
export function pickArtifact(names: readonly string[], kind: ArtifactKind): string | undefined {
  const isWanted = (name: string): boolean =>
    kind === "vsphere.ova"
      ? name.endsWith(`-${kind}`)
      : name.endsWith(`.${kind}`) && !name.includes("vsphere");
  const found = names.filter(isWanted).sort();
  if (found.length <= 1) return found[0];
  throw new PosternError({
    code: "input.dist",
    message: `Several .${kind} files to test: ${found.join(", ")}`,
    hint: "./postern clean, then build again; or POSTERN_DIST=<a folder with one build>",
  });
}

/** The folder that holds the build under test. @throws PosternError when POSTERN_DIST does not say it. */
export function distFolder(): string {
  const folder = process.env.POSTERN_DIST;
  if (folder !== undefined && folder !== "") return folder;
  throw new PosternError({
    code: "input.dist",
    message: "POSTERN_DIST does not name the folder with the images to boot",
    hint: "./postern test, or POSTERN_DIST=dist node tests/boot/run.ts",
  });
}

/** The artifact's disk as QEMU can open it; the OVA's is taken out of it into `folder`. */
export async function artifactDisk(kind: ArtifactKind, folder: string): Promise<Image> {
  const dist = distFolder();
  const name = pickArtifact(await readdir(dist), kind);
  if (name === undefined) {
    throw new PosternError({
      code: "input.dist",
      message: `No .${kind} file in ${dist}`,
      hint: `./postern build --formats ${kind === "vsphere.ova" ? "ova" : kind}`,
    });
  }
  const file = join(dist, basename(name));
  switch (kind) {
    case "ova":
    case "vsphere.ova":
      return { file: await extractDisk(file, folder), format: "vmdk" };
    case "vhd":
      return { file, format: "vpc" };
    case "iso":
      return { file, format: "raw" };
    default:
      return { file, format: kind };
  }
}
