import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type Joi from "joi";
import { check as validate } from "../../../appliance/settings/problem.ts";
import type { Check } from "../../formats/check.ts";
import type { Beside } from "../beside.ts";

/** Whom the person who verifies believes. */
export interface Trust {
  /** Absolute path of a file as in ssh-keygen(1), ALLOWED SIGNERS. With it, everything must be signed. */
  allowedSigners?: string;
}

/** A file of evidence as it is looked at. */
export interface EvidenceFile {
  folder: string;
  name: string;
  beside: Beside;
  /** It is checked with all others in its folder. */
  whole: boolean;
  trust: Trust;
  signal: AbortSignal;
}

/** Looks at one kind of evidence. */
export interface EvidenceReader {
  reads(name: string): boolean;
  checks(file: EvidenceFile): Promise<Check[]>;
}

/** A package list of a whole distribution has less. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A JSON document as its schema says, or everything that is wrong with it. */
export async function readEvidence<T>(
  { folder, name }: Pick<EvidenceFile, "folder" | "name">,
  schema: Joi.Schema<T>,
): Promise<{ value: T; problems: [] } | { value: undefined; problems: string[] }> {
  const path = join(folder, name);
  if ((await stat(path)).size > MOST_BYTES) return { value: undefined, problems: ["it is too large"] };
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { value: undefined, problems: ["it is no JSON"] };
  }
  const checked = validate(schema, json);
  if (checked.value !== undefined) return { value: checked.value, problems: [] };
  const problems = checked.problems.map(({ path: at, expected, got }) => `${at}: ${expected}; got ${got}`);
  return { value: undefined, problems };
}
