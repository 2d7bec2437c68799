import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder of one run: machines, keys, identities. Made by `run.ts`, which removes it at the end. */
export const SESSION_VARIABLE = "POSTERN_BOOT_SESSION";

export function makeSession(): Promise<string> {
  return mkdtemp(join(tmpdir(), "postern-boot-"));
}

/** A folder of this run, made if it is not there. @throws Error outside a run. */
export async function sessionFolder(...names: readonly string[]): Promise<string> {
  const root = process.env[SESSION_VARIABLE];
  if (root === undefined) throw new Error(`${SESSION_VARIABLE} is not set; start with tests/boot/run.ts`);
  const folder = join(root, ...names);
  await mkdir(folder, { recursive: true });
  return folder;
}
