import { access, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../../../builder/error.ts";
import type { Firmware } from "./hardware.ts";

/** Where the distribution's package `ovmf` puts the 4 MiB builds. */
const FOLDER = "/usr/share/OVMF";

const BUILDS = {
  uefi: { code: "OVMF_CODE_4M.fd", variables: "OVMF_VARS_4M.fd" },
  // Variables with Microsoft's keys enrolled: Secure Boot is enforced from the first boot on.
  secureboot: { code: "OVMF_CODE_4M.secboot.fd", variables: "OVMF_VARS_4M.ms.fd" },
} as const satisfies Record<Exclude<Firmware, "bios">, { code: string; variables: string }>;

/** The code to map read-only, and a fresh copy of the variables in `folder`. Nothing for BIOS. */
export async function firmwareFiles(
  firmware: Firmware,
  folder: string,
): Promise<{ code: string; variables: string } | Record<string, never>> {
  if (firmware === "bios") return {};
  const build = BUILDS[firmware];
  const code = join(FOLDER, build.code);
  const variables = join(folder, "variables.fd");
  try {
    await access(code);
    await copyFile(join(FOLDER, build.variables), variables);
  } catch (cause) {
    throw new PosternError({
      code: "host.firmware",
      message: `No UEFI firmware for ${firmware} in ${FOLDER}`,
      hint: "apt-get install ovmf",
      cause,
    });
  }
  return { code, variables };
}
