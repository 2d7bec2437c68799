import { diskText } from "../../install/begin.ts";
import type { Judged } from "../../install/inventory/choice.ts";
import { contentLines, type Disk, diskModel, diskSize } from "../../install/inventory/disk.ts";
import { type Identity, identityOf, isSame } from "../../install/inventory/identity.ts";
import { takeInventory } from "../../install/inventory/inventory.ts";
import type { Answer } from "../asking/asker.ts";
import type { Asking } from "./context.ts";

/** Asks for the disk and has it confirmed by its serial number. Undefined: back, or another console was quicker. */
export async function askForDisk(asking: Asking): Promise<Disk | undefined> {
  const { system, medium } = asking;
  let notice: string | undefined;
  for (;;) {
    const { disks } = await takeInventory(system, medium.device);
    const answer = await chooseDisk(asking, disks, notice);
    if (answer.kind !== "value") return undefined;
    notice = undefined;
    if (answer.value === "again") continue;
    const disk = answer.value;
    const all = disks.map((one) => one.disk);
    const confirmed = await confirmDisk(asking, disk, identityOf(disk, all));
    if (confirmed === "gone") return undefined;
    if (confirmed === "back") continue;
    // A disk that was plugged in meanwhile may have taken the path.
    const now = (await takeInventory(system, medium.device)).disks.find((one) => one.disk.path === disk.path);
    if (now !== undefined && isUnchanged(now, disk)) return disk;
    notice = `${disk.path} is not what it was a moment ago. Choose again.`;
  }
}

function isUnchanged({ disk, leftOut }: Judged, before: Disk): boolean {
  return leftOut === undefined && JSON.stringify(disk) === JSON.stringify(before);
}

async function chooseDisk(
  { asker }: Asking,
  disks: readonly Judged[],
  notice: string | undefined,
): Promise<Answer<Disk | "again">> {
  const usable = disks.filter(({ leftOut }) => leftOut === undefined).map(({ disk }) => disk);
  return asker.choose<Disk | "again">({
    title: usable.length === 0 ? "There is no disk that Postern can be installed on" : "On which disk?",
    lines: [...(notice === undefined ? [] : [notice]), ...leftOutLines(disks)],
    choices: [
      ...usable.map((disk) => ({ value: disk, label: diskText(disk), hint: hintOf(disk) })),
      { value: "again" as const, label: "Look again", hint: "after a disk was plugged in or set up" },
    ],
  });
}

function hintOf(disk: Disk): string {
  const serial = disk.serial === "" ? "" : `serial ${disk.serial}; `;
  return `${serial}${sectorText(disk)}; on it: ${contentLines(disk)[0]}`;
}

/** `sectors of 512 bytes` */
function sectorText({ sectorSize }: Disk): string {
  return `sectors of ${sectorSize} bytes`;
}

/** `Left out: /dev/sdb  32 GB  iDRAC Virtual Floppy: a virtual disk of Dell iDRAC` */
export function leftOutLines(disks: readonly Judged[]): string[] {
  return disks.flatMap(({ disk, leftOut }) => {
    if (leftOut === undefined) return [];
    return [`Left out: ${disk.path} (${diskSize(disk.size)}, ${diskModel(disk)}): ${leftOut}`];
  });
}

/** The whole of the serial number is typed: nobody types that by mistake. */
async function confirmDisk(
  { asker }: Asking,
  disk: Disk,
  { kind, text }: Identity,
): Promise<"yes" | "back" | "gone"> {
  const answer = await asker.text({
    title: `Erase ${disk.path} and install?`,
    lines: [
      `Everything on this disk is lost. To go on, type its ${kind}: ${text}`,
      `${diskText(disk)}, ${sectorText(disk)}`,
      ...(kind === "serial number" || disk.serial === "" ? [] : [`serial number ${disk.serial}`]),
      "On it now:",
      ...contentLines(disk).map((line) => `  ${line}`),
    ],
    look: (typed) =>
      isSame(typed, text) ? { note: "Enter erases the disk." } : { problem: `${kind} ${text}` },
  });
  if (answer.kind === "value") return "yes";
  return answer.kind;
}
