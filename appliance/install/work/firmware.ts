import { PARTITION } from "../../disk/layout.ts";
import { messageOf } from "../../error.ts";
import type { Job } from "./job.ts";

/** Name of the entry in the firmware's boot menu. */
const LABEL = "Postern";
const PATIENCE = 60_000;

/** The numbers of the firmware's entries with our name in efibootmgr's list: `0003`. */
export function ownEntries(list: string): string[] {
  return [...list.matchAll(/^Boot([0-9A-F]{4})\*?\s+Postern(?:\t|\s*$)/gim)].map(([, number = ""]) => number);
}

/**
 * Puts an entry for the disk first in the firmware's boot order, in place of older ones with the same name. The
 * disk starts without it too, by the removable-media path.
 *
 * @returns why it could not be made, in words; undefined: it is there.
 */
export async function addFirmwareEntry({
  system,
  disk,
  facts,
  firmware,
  log,
}: Job): Promise<string | undefined> {
  if (firmware !== "uefi") return undefined;
  const run = async (args: readonly string[]): Promise<string> => {
    log(`$ ${["efibootmgr", ...args].join(" ")}`);
    const { code, stdout, stderr } = await system.run("efibootmgr", args, { timeout: PATIENCE });
    log(`${stdout}${stderr}`);
    if (code !== 0) throw new Error(stderr.trim().split("\n")[0] || `efibootmgr ended with ${code}`);
    return stdout;
  };
  try {
    for (const number of ownEntries(await run([]))) await run(["--bootnum", number, "--delete-bootnum"]);
    await run([
      ...["--create", "--disk", disk.path, "--part", String(PARTITION.esp), "--label", LABEL],
      ...["--loader", `\\EFI\\${facts.efi.vendor}\\shimx64.efi`],
    ]);
    return undefined;
  } catch (error) {
    log(`no entry in the firmware: ${messageOf(error)}`);
    return messageOf(error);
  }
}
