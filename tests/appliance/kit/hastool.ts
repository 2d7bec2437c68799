import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/* Apart from tools.ts, which needs a test around it: also for what tests start as a process of its own. */

const FOLDERS = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];

/** Whether a tool can be run here. */
export function hasTool(name: string): boolean {
  return FOLDERS.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The environment with the folders where root's tools are. */
export const TOOL_ENV = { ...process.env, PATH: FOLDERS.join(delimiter) };
