import project from "../../package.json" with { type: "json" };
import type { RecipeFlags } from "./load.ts";
import { BASE_IDS, FORMATS, type Format, type Recipe } from "./recipe.ts";
import type { RecipeFile } from "./schema.ts";

const FORMATS_BY_DEFAULT: readonly Format[] = ["ova", "vhdx", "iso"];
/** GiB: 4 for the system, the rest for logs. */
const DISK_SIZE = 16;
const CPUS = 2;
/** MiB: a Squid worker of 40,000 tunnels holds 1.3 GiB. */
const MEMORY = 4096;
/** Portable (ESXi 6.5 and later, VirtualBox, Workstation) and vSphere (ESXi 7.0 and later). */
const HARDWARE: readonly number[] = [13, 17];

export interface RecipeContext {
  epoch: number;
  fromFlags(path: string): string;
  fromFile(path: string): string;
  flags: RecipeFlags;
}

/**
 * A checked recipe file as a recipe: defaults filled in, paths absolute. Formats stand in the builder's own
 * order, so that their order in the file changes nothing.
 */
export function recipeOf(file: RecipeFile, context: RecipeContext): Recipe {
  const { epoch, fromFile, fromFlags, flags } = context;
  const path = (flag: string | undefined, written: string | undefined): string | undefined => {
    if (flag !== undefined) return fromFlags(flag);
    return written === undefined ? undefined : fromFile(written);
  };
  const keyring = path(flags["--keyring"], file.keyring);
  const settings = path(flags["--settings"], file.settings);
  const eula = path(undefined, file.ova?.eula);
  const key = path(undefined, file.sign?.key);
  const sshKey = path(flags["--sign-key"], file.sign?.sshKey);
  const certificate = path(undefined, file.sign?.certificate);
  return {
    base: BASE_IDS.find((id) => id === file.base) ?? "auto",
    ...(file.mirror === undefined ? {} : { mirror: file.mirror }),
    ...(keyring === undefined ? {} : { keyring }),
    formats:
      file.formats === undefined
        ? FORMATS_BY_DEFAULT
        : FORMATS.filter((format) => file.formats?.includes(format)),
    disk: { size: file.disk?.size ?? DISK_SIZE },
    vm: { cpus: file.vm?.cpus ?? CPUS, memory: file.vm?.memory ?? MEMORY },
    hardware: file.hardware ?? HARDWARE,
    ova: eula === undefined ? {} : { eula },
    ...(settings === undefined ? {} : { settings }),
    admin: { sshKeys: file.admin?.sshKeys ?? [] },
    catalogueKeys: file.catalogueKeys ?? [],
    packages: file.packages ?? [],
    overlays: (file.overlays ?? []).map(fromFile),
    version: file.version ?? project.version,
    epoch,
    sign: {
      ...(key === undefined ? {} : { key }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(sshKey === undefined ? {} : { sshKey }),
    },
  };
}
