import { accessSync, constants, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import test from "ava";

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

/** `test.serial` where every tool is there; else a skip with its reason. */
export function testWith(
  tools: readonly string[],
  { root = false } = {},
): typeof test.serial | typeof test.skip {
  const missing = tools.filter((tool) => !hasTool(tool));
  const reasons = [
    ...(missing.length > 0 ? [`not installed: ${missing.join(", ")}`] : []),
    ...(root && process.getuid?.() !== 0 ? ["needs root"] : []),
  ];
  if (reasons.length === 0) return test.serial;
  console.log(`skipped, ${reasons.join("; ")}: the tests of ${tools.join(", ")}`);
  return test.skip;
}

/** The environment with the folders where root's tools are. */
export const TOOL_ENV = { ...process.env, PATH: FOLDERS.join(delimiter) };

/** sshd looks for this folder even when it only reads a file. It stays: another test may be using it. */
export function makeSshdFolder(): void {
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
}
