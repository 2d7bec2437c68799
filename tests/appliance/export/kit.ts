import type { ExecutionContext } from "ava";
import { apply } from "../../../appliance/apply/apply.ts";
import type { CatalogueInUse } from "../../../appliance/endpoints/installed.ts";
import { makeExport } from "../../../appliance/export/make.ts";
import { type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";
import { YESCRYPT } from "../settings/fixtures.ts";

export const RELEASE = { version: "1.0.0", base: "debian-13" };
export const PASSPHRASE = "a few words with spaces";
/** What no eyes but the owner's may see: the hash, and the comment. */
export const SETTINGS_TEXT = `# the key to the rack is under the mat
schema: 1
hostname: proxy-01
clients:
  - cidr: 10.20.0.0/16 # servers
    label: servers
admin:
  passwordHash: ${YESCRYPT}
  passwordLogin: true
`;

/** A machine in service; no program is asked. */
export async function inService(
  t: ExecutionContext,
  text = SETTINGS_TEXT,
  catalogue?: CatalogueInUse,
): Promise<Machine> {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("", {});
  await apply(machine, { ...requestOf(text), ...(catalogue === undefined ? {} : { catalogue }) }, () => {});
  return machine;
}

/** What such a machine exports. */
export async function exported(
  t: ExecutionContext,
  passphrase: string | undefined = PASSPHRASE,
  text = SETTINGS_TEXT,
): Promise<string> {
  return makeExport(await inService(t, text), RELEASE, passphrase);
}
