import type { EfiLoaders } from "../../disk/esp.ts";
import { PosternError } from "../../error.ts";
import type { Paths } from "../../paths.ts";
import { isMap } from "../../settings/without.ts";
import { readIfThere } from "../../system/files.ts";

/** What the builder knows of the image's boot: it made the image's disk with the same. */
export interface BootFacts {
  kernelArguments: readonly string[];
  efi: EfiLoaders;
}

/** @throws PosternError `artifact.boot-facts` when the image does not say it. */
export async function readBootFacts({ boot }: Pick<Paths, "boot">): Promise<BootFacts> {
  const value = parsed((await readIfThere(boot)) ?? "");
  if (isFacts(value)) return value;
  throw new PosternError({
    code: "artifact.boot-facts",
    message: `${boot} does not say how this image starts`,
    hint: "The installation medium is damaged. Write it again.",
  });
}

function isFacts(value: unknown): value is BootFacts {
  if (!isMap(value) || !isMap(value.efi)) return false;
  const { vendor, shim, mokManager, grub, csv } = value.efi;
  return (
    isTexts(value.kernelArguments) &&
    typeof vendor === "string" &&
    typeof csv === "string" &&
    [shim, mokManager, grub].every(isTexts)
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
