import { mkdirSync } from "node:fs";
import test from "ava";
import { hasTool } from "./hastool.ts";

export { hasTool, TOOL_ENV } from "./hastool.ts";

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

/** sshd looks for this folder even when it only reads a file. It stays: another test may be using it. */
export function makeSshdFolder(): void {
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
}
