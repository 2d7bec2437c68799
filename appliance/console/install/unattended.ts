import { writeFile } from "node:fs/promises";
import { diskText, isHeld } from "../../install/begin.ts";
import { contentLines, type Disk } from "../../install/inventory/disk.ts";
import { livePaths } from "../../install/live.ts";
import type { Asking } from "./context.ts";

/**
 * Gives whoever sits there a moment to stop an unattended installation; that stops it on every console.
 *
 * @returns whether to install.
 */
export async function countDown({ system, asker, countdown }: Asking, disk: Disk): Promise<boolean> {
  const end = performance.now() + countdown;
  const linesNow = (): string[] => [
    `In ${Math.max(0, Math.ceil((end - performance.now()) / 1000))} s Postern is installed on this disk, without a question:`,
    diskText(disk),
    `serial number ${disk.serial || "(none)"}; on it: ${contentLines(disk)[0]}`,
  ];
  const answer = await asker.choose<boolean>({
    title: "Unattended installation",
    lines: linesNow(),
    choices: [
      { value: true, label: "Install now" },
      { value: false, label: "Stop, and ask" },
    ],
    look: async () => {
      if (isHeld(system)) return { lines: linesNow(), settled: { value: false } };
      if (performance.now() >= end) return { lines: linesNow(), settled: { value: true } };
      return { lines: linesNow() };
    },
  });
  if (answer.kind === "value" && answer.value) return true;
  // Gone: the other console installs; that is no stop.
  if (answer.kind !== "gone") await writeFile(livePaths(system.paths).held, "", { mode: 0o600 });
  return false;
}
