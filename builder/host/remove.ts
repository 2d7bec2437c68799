import { rm } from "node:fs/promises";
import { hasCode } from "./faults.ts";
import { asRoot } from "./privilege.ts";

/**
 * Removes a folder with all that is in it. mmdebstrap's scratch files belong to sub-ids of the caller where
 * he is not root; those only go from inside a user namespace.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 2 });
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM", "ENOTEMPTY")) throw error;
    await asRoot("rm", ["-rf", "--one-file-system", "--", path]);
  }
}
