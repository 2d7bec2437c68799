import { join } from "node:path";
import type { Paths } from "../paths.ts";
import { isMap } from "../settings/without.ts";
import { readIfThere } from "../system/files.ts";

/** What the live system says of the medium that it was started from. */
export interface Medium {
  /** `/dev/sr0`; it may be gone by now, everything is in memory. */
  device: string;
  version: string;
  mode: "install" | "rescue";
}

/** Files and folders of the live system. */
export function livePaths({ live }: Pick<Paths, "live">) {
  return {
    /** Its presence means: this is the installation medium, not an installed machine. */
    medium: join(live, "medium.json"),
    /** The verified tree. */
    tree: join(live, "tree"),
    /** What a re-mastered medium brings. */
    settings: join(live, "settings.yaml"),
    install: join(live, "install.yaml"),
    /** Where the new root is mounted. */
    target: join(live, "target"),
    /** How an installation goes, for every console. */
    state: join(live, "install.json"),
    /** Somebody has stopped the unattended installation. */
    held: join(live, "held"),
  } as const;
}

/** The medium, or undefined on an installed machine. */
export async function readMedium(paths: Pick<Paths, "live">): Promise<Medium | undefined> {
  const text = await readIfThere(livePaths(paths).medium);
  if (text === undefined) return undefined;
  const value = parsed(text);
  const fields = isMap(value) ? value : {};
  const textOf = (field: unknown): string => (typeof field === "string" ? field : "");
  return {
    device: textOf(fields.device),
    version: textOf(fields.version),
    mode: fields.mode === "rescue" ? "rescue" : "install",
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
