import { join } from "node:path";
import { type Check, check, leftOut } from "../../formats/check.ts";
import { findProbe, installCommand } from "../../host/packages.ts";
import { STATEMENT_ENDING } from "../provenance/statement.ts";
import { allowedBy, signatureName, signedBy } from "../signing/signature.ts";
import { SUMS_FILE } from "../sums.ts";
import type { EvidenceFile, EvidenceReader } from "./reader.ts";

/** Who signed the sums and the statement. */
export const signatureReader: EvidenceReader = {
  reads: (name) => name === SUMS_FILE || name.endsWith(STATEMENT_ENDING),
  checks: signatureChecks,
};

const TITLE = "signature";
const NOT_CHECKED = "give --allowed-signers FILE; anybody can sign with a key of their own";

async function signatureChecks({ folder, name, beside, trust, signal }: EvidenceFile): Promise<Check[]> {
  const { allowedSigners } = trust;
  const signature = signatureName(name);
  if (!beside.names.includes(signature)) {
    const why = `nobody signed it: no ${signature} lies beside it`;
    return [allowedSigners === undefined ? leftOut(TITLE, why) : check(TITLE, [why])];
  }
  if (allowedSigners === undefined && (await findProbe("ssh-keygen")) === undefined)
    return [leftOut(TITLE, `no ssh-keygen on this host: ${installCommand(["openssh-client"])}`)];
  const [file, signed] = [join(folder, name), join(folder, signature)];
  const { type, fingerprint, problem } = await signedBy(file, signed, signal);
  if (problem !== undefined) return [check(TITLE, [`${signature}: ${problem}`])];
  const title = `${TITLE} by ${type} ${fingerprint}`;
  if (allowedSigners === undefined) return [check(title, []), leftOut("whose key that is", NOT_CHECKED)];
  const { principal, problem: refused } = await allowedBy(file, signed, allowedSigners, signal);
  if (principal !== undefined) return [check(`${title}, ${principal}`, [])];
  return [check(title, [`no allowed signer has this key now: ${refused}`])];
}
