import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";

/** Memory, where there is such a folder: files are flushed in the thousands, and a disk takes its time. */
const MEMORY = "/dev/shm";

/** A scratch folder that goes when the test ends. */
export function tempFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(parent(), "postern-test-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function parent(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    return MEMORY;
  } catch {
    return tmpdir();
  }
}
