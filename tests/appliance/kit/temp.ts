import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";

/** A scratch folder that goes when the test ends. */
export function tempFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), "postern-test-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
