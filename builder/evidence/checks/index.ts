import type { Check } from "../../formats/check.ts";
import { sbomReader } from "../sbom/verify.ts";
import { hardeningReader } from "./hardening.ts";
import type { EvidenceFile, EvidenceReader } from "./reader.ts";
import { recordReader } from "./record.ts";
import { signatureReader } from "./signature.ts";
import { statementReader } from "./statement.ts";

/** Every kind of evidence beside the images; a new kind is a line here. */
const READERS: readonly EvidenceReader[] = [
  signatureReader,
  recordReader,
  statementReader,
  hardeningReader,
  sbomReader,
];

export function isEvidence(name: string): boolean {
  return READERS.some((reader) => reader.reads(name));
}

/** What all readers of a file find. */
export async function evidenceChecks(file: EvidenceFile): Promise<Check[]> {
  const found: Check[] = [];
  for (const reader of READERS.filter(({ reads }) => reads(file.name)))
    found.push(...(await reader.checks(file)));
  return found;
}
