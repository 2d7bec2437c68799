import { type Check, check, leftOut } from "../../formats/check.ts";
import { statementName } from "../provenance/statement.ts";
import { RECORD_ENDING, recordName } from "../record.ts";
import type { EvidenceFile, EvidenceReader } from "./reader.ts";

/** The record of a build: its name, and what it names. What it says of each file is asked at that file. */
export const recordReader: EvidenceReader = {
  reads: (name) => name.endsWith(RECORD_ENDING),
  checks: async (file) => recordChecks(file),
};

function recordChecks({ name, beside, trust }: EvidenceFile): Check[] {
  const record = beside.records.get(name);
  if (record === undefined) return [];
  const wanted = recordName(record.version, record.base);
  const lost = record.artifacts.filter(({ file }) => !beside.names.includes(file));
  const statement = statementName(record);
  const checks = [
    check("record: named after its build", wanted === name ? [] : [`it is of ${wanted}`]),
    check(
      "record: every file that it names is there",
      lost.map(({ file }) => `${file} is not`),
    ),
  ];
  if (beside.names.includes(statement)) return checks;
  const title = "statement of its provenance";
  const why = `no ${statement} lies beside it`;
  return [...checks, trust.allowedSigners === undefined ? leftOut(title, why) : check(title, [why])];
}
