import { join } from "node:path";
import type { RecordedStage } from "../evidence/record.ts";
import { hasDigest } from "../pipeline/cache/digest.ts";
import type { StoredEntry } from "../pipeline/run.ts";

/** What became of a stage the second time. */
export interface StageVerdict {
  id: string;
  needs: readonly string[];
  /** Files that it left with other bytes, or did not leave. */
  differs: readonly string[];
}

/** Compares what each stage left with the digests in the record, in the record's order. */
export async function stageVerdicts(
  stages: readonly RecordedStage[],
  entries: ReadonlyMap<string, StoredEntry>,
  signal: AbortSignal,
): Promise<StageVerdict[]> {
  const verdicts: StageVerdict[] = [];
  for (const { id, needs, files } of stages) {
    const differs: string[] = [];
    for (const { name, size, digest } of files) {
      signal.throwIfAborted();
      const entry = entries.get(id);
      const file = entry?.entry.files.find((one) => one.name === name);
      const isSame =
        entry !== undefined &&
        file?.size === size &&
        // A file system without holes gives the other kind of digest.
        (file.digest === digest || (await hasDigest(join(entry.folder, name), digest, signal)));
      if (!isSame) differs.push(name);
    }
    verdicts.push({ id, needs, differs });
  }
  return verdicts;
}

/**
 * The stages from an artifact's own back to the one that the difference comes from: the first that differs though
 * all that it read is the same. What `provision` leaves always differs, for the VM's logs are still in it; it counts
 * only where what comes of it differs.
 */
export function trail(id: string, verdicts: readonly StageVerdict[]): string[] {
  const verdict = verdicts.find((one) => one.id === id);
  const before = verdict?.needs.find((need) =>
    verdicts.some((one) => one.id === need && one.differs.length > 0),
  );
  return before === undefined ? [id] : [id, ...trail(before, verdicts)];
}
