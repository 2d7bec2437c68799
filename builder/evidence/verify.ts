import { open, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileSource } from "../../appliance/disk/bytes.ts";
import { type Check, check, leftOut, problemsOf } from "../formats/check.ts";
import { formatOfName } from "../formats/names.ts";
import { withArtifact } from "../formats/read.ts";
import { sha256File } from "../host/sha256.ts";
import type { Progress } from "../pipeline/progress.ts";
import type { Format } from "../recipe/recipe.ts";
import { type Beside, isOfBuild, readBeside } from "./beside.ts";
import { evidenceChecks, isEvidence } from "./checks/index.ts";
import type { Trust } from "./checks/reader.ts";
import { sameDiskChecks } from "./same.ts";
import { askReader } from "./second/reader.ts";
import { SECOND_READERS } from "./second/readers.ts";
import { SIGNATURE_ENDING, signatureName } from "./signing/signature.ts";
import { SUMS_FILE } from "./sums.ts";

/** What was found out about one file. */
export interface FileVerdict {
  file: string;
  /** Bytes; 0 when it is not there. */
  size: number;
  /** Everything that was looked at in order, and what was not and why. */
  checks: readonly Check[];
  /** The problems of all checks, each with the name of its check. */
  problems: readonly string[];
}

/**
 * Checks a file, or every file of a build's folder: against SHA256SUMS and the records beside it as far as they are
 * there, by opening the container with code that did not write it, by programs of the host that read it by code that
 * is not ours, and against the disk in another image of the same build. Signatures are checked over the sums, which
 * name everything else, and over the statement; what the evidence says of itself and of the rest is held to it.
 *
 * @param trust with allowed signers, what is not signed by one of them is a fault
 */
export async function verifyPath(
  path: string,
  signal: AbortSignal,
  progress: Progress,
  trust: Trust = {},
): Promise<FileVerdict[]> {
  const whole = (await stat(path)).isDirectory();
  const folder = whole ? path : dirname(path);
  const beside = await readBeside(folder);
  const names = whole ? namesToCheck(beside, trust) : namesWith(basename(path), beside, trust);
  const verdicts = [...beside.broken].map(([file, problem]) =>
    verdictOf(file, 0, [check("can be read", [problem])]),
  );
  for (const name of names) {
    signal.throwIfAborted();
    const verify = (inner: Progress) =>
      verifyFile({ folder, name, whole, beside, trust, signal, progress: inner });
    verdicts.push(await progress.step(name, verify));
  }
  return verdicts;
}

interface FileCall {
  folder: string;
  name: string;
  /** It is checked with all others in its folder. */
  whole: boolean;
  beside: Beside;
  trust: Trust;
  signal: AbortSignal;
  progress: Progress;
}

async function verifyFile(call: FileCall): Promise<FileVerdict> {
  const { folder, name, whole, beside, trust, signal, progress } = call;
  const path = join(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return verdictOf(name, 0, [check("there", ["it is not there"])]);
  const evidence = isEvidence(name)
    ? await evidenceChecks({ folder, name, beside, whole, trust, signal })
    : [];
  // What names all others has no line in itself.
  if (name === SUMS_FILE) return verdictOf(name, found.size, evidence);
  const sums = [...(await sumChecks(call, path, found.size)), ...evidence];
  const format = formatOfName(name);
  if (format === undefined) {
    const isKnown = whole || sums.some((one) => one.leftOut === undefined);
    const nothing = check("known", [`nothing to check it by: no ${SUMS_FILE}, and no format known here`]);
    return verdictOf(name, found.size, isKnown ? sums : [...sums, nothing]);
  }
  const container = await containerChecks(path, format, signal, progress);
  const same = await progress.step("compare with its siblings", () =>
    sameDiskChecks({ folder, name, names: beside.names, whole, signal }),
  );
  const isProven = [...sums, ...same].some((one) => one.leftOut === undefined);
  return verdictOf(name, found.size, [
    ...sums,
    ...container,
    ...same,
    ...(isProven || HAS_DIGESTS.includes(format) ? [] : [leftOut("every byte of the disk", NO_SUM)]),
  ]);
}

/** Formats that hold a digest of their own disk. */
const HAS_DIGESTS: readonly Format[] = ["ova", "hyperv"];
const NO_SUM = `this format has no sum of them; put ${SUMS_FILE} or the OVA of the same build beside it`;

async function sumChecks(call: FileCall, path: string, size: number): Promise<Check[]> {
  const { name, whole, beside, trust, signal, progress } = call;
  const expected = beside.sums?.get(name);
  const recorded = beside.recorded?.get(name);
  const actual =
    expected === undefined && recorded === undefined
      ? undefined
      : await sha256File(path, signal, (done) => progress.bar(done, size, "bytes"));
  const compare = (what: string, wanted: string): Check =>
    check(what, actual === wanted ? [] : [`its SHA-256 is not the one in ${what}`]);
  // What the signature does not cover nobody vouches for; and an image that came later must not go by unseen.
  const must = trust.allowedSigners !== undefined || (whole && formatOfName(name) !== undefined);
  const checks: Check[] = [];
  if (expected !== undefined) checks.push(compare(SUMS_FILE, expected));
  else if (beside.sums === undefined) checks.push(lacking(trust, SUMS_FILE, whyNot(beside, SUMS_FILE)));
  else if (must) checks.push(check(SUMS_FILE, [`it is not in ${SUMS_FILE}`]));
  else checks.push(leftOut(SUMS_FILE, "it does not name this file"));
  const record = "the record of its build";
  if (recorded !== undefined) checks.push(compare(record, recorded));
  // A record names what was made, and neither itself nor what was written over it.
  else if (isEvidence(name)) return checks;
  else if (beside.recorded === undefined) checks.push(leftOut(record, "no .build.json lies beside it"));
  else checks.push(leftOut(record, "none names this file"));
  return checks;
}

function lacking({ allowedSigners }: Trust, name: string, why: string): Check {
  return allowedSigners === undefined ? leftOut(name, why) : check(name, [why]);
}

function whyNot(beside: Beside, name: string): string {
  return beside.broken.has(name) ? "it cannot be read" : "none lies beside it";
}

/** What our own reader finds, and then the others. */
function containerChecks(
  path: string,
  format: Format,
  signal: AbortSignal,
  progress: Progress,
): Promise<Check[]> {
  return progress.step("read it through", (inner) =>
    withArtifact(path, format, { signal, progress: inner }, async (reading) => {
      const file = await open(path);
      try {
        const subject = { path, format, reading, source: await fileSource(file), signal };
        const checks = [...reading.checks];
        for (const reader of SECOND_READERS.filter(({ formats }) => formats.includes(format))) {
          checks.push(await askReader(reader, subject));
        }
        return checks;
      } finally {
        await file.close();
      }
    }),
  );
}

function verdictOf(file: string, size: number, checks: readonly Check[]): FileVerdict {
  return { file, size, checks, problems: problemsOf(checks) };
}

/**
 * What has a sum or is in a record, every image and all evidence, and everything named like a build that is there: one
 * that was put there later must not go by unseen. A signature is looked at with what it signs.
 */
function namesToCheck({ names, sums, recorded, records, broken }: Beside, trust: Trust): string[] {
  const builds = [...records.values()];
  const there = names.filter(
    (name) =>
      !name.endsWith(SIGNATURE_ENDING) &&
      (formatOfName(name) !== undefined || isEvidence(name) || builds.some((one) => isOfBuild(name, one))),
  );
  const signed = names
    .filter((name) => name.endsWith(SIGNATURE_ENDING))
    .map((name) => name.slice(0, -SIGNATURE_ENDING.length))
    .filter((name) => isEvidence(name));
  const must = trust.allowedSigners === undefined || there.length === 0 ? [] : [SUMS_FILE];
  const all = [...(sums?.keys() ?? []), ...(recorded?.keys() ?? []), ...there, ...signed, ...must];
  return [...new Set(all)].filter((name) => !broken.has(name)).sort();
}

/** One file, and first the sums that vouch for it, where somebody signed them or should have. */
function namesWith(name: string, { names, broken }: Beside, { allowedSigners }: Trust): string[] {
  const isSigned = names.includes(signatureName(SUMS_FILE)) && names.includes(SUMS_FILE);
  const asked = (isSigned || allowedSigners !== undefined) && name !== SUMS_FILE && !broken.has(SUMS_FILE);
  return asked ? [SUMS_FILE, name] : [name];
}
