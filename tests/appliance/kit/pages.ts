import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { TOOL_ENV } from "./hastool.ts";

const OVERLAY = join(import.meta.dirname, "../../../overlays/proxy/files");

/** The image's program that says whether there is room. */
export const ROOM = join(OVERLAY, "usr/lib/postern/proxy-room");

/** The pages of the image, made complete by the image's own script. Returns their folder. */
export function layPages(folder: string): string {
  const pages = join(folder, "pages");
  cpSync(join(OVERLAY, "usr/share/postern/errors"), pages, { recursive: true });
  execFileSync("sh", [join(OVERLAY, "usr/lib/postern/error-pages"), pages], { env: TOOL_ENV });
  return pages;
}
