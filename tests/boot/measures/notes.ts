import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { type GateId, gateOf, reaches } from "../../../builder/evidence/hardening/gates.ts";
import type { Measure, Measures } from "../../../builder/evidence/hardening/measures.ts";
import { writeWhole } from "../../../builder/host/write.ts";
import { distFolder, pickArtifact } from "../kit/artifacts.ts";
import { LOGS } from "../kit/evidence.ts";

/** The figures of one run. */
export interface Notes {
  /** Notes a figure, shows what stands behind it, and fails the test below the gate. */
  gate(t: ExecutionContext, id: GateId, value: number, command: string, details?: readonly string[]): void;
  /** Says why figures are not there. */
  skip(t: ExecutionContext, ids: readonly GateId[], reason: string): void;
  /** Writes `postern-...-measures.json`; returns its path. */
  write(): Promise<string>;
}

export function takeNotes(): Notes {
  const measures: Measure[] = [];
  const skipped: Measures["skipped"][number][] = [];
  return {
    gate(t, id, value, command, details = []) {
      measures.push({ id, value, command, details });
      const gate = gateOf(id);
      t.log(`${gate.title}: ${value} (gate ${gate.gate}, goal ${gate.goal})`, ...details);
      t.true(reaches(gate, value, gate.gate), `${gate.title}: ${value}, and the gate is ${gate.gate}`);
    },
    skip(t, ids, reason) {
      for (const id of ids) skipped.push({ id, reason });
      t.log(`not measured (${ids.join(", ")}): ${reason}`);
      t.pass();
    },
    async write() {
      const image = pickArtifact(await readdir(distFolder()), "ova") ?? "unknown.ova";
      const folder = join(LOGS, "hardening");
      const file = join(folder, image.replace(/\.ova$/, "-measures.json"));
      await mkdir(folder, { recursive: true });
      const noted: Measures = { format: 1, image, measures, skipped };
      await writeWhole(file, `${JSON.stringify(noted, null, 2)}\n`);
      return file;
    },
  };
}
