import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "../../paths.ts";
import { readIfThere } from "../../system/files.ts";

export type Firmware = "bios" | "uefi";

/** The server as its firmware describes it; empty texts where it says nothing. */
export interface Server {
  vendor: string;
  model: string;
  serial: string;
  firmware: Firmware;
  /** undefined: the firmware does not say. */
  secureBoot: boolean | undefined;
}

/** Fillers that boards leave the factory with. */
const FILLER =
  /^(to be filled.*|default string|system (manufacturer|product name|serial number)|not specified|none|0+|0123456789)$/i;

/** UEFI specification 2.10, section 3.3; four bytes of attributes come first (efivarfs). */
const SECURE_BOOT = "efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

/** Reads what the firmware says. Never throws. */
export async function readServer({ dmi, efi }: Paths): Promise<Server> {
  const field = async (name: string): Promise<string> => {
    const text = ((await readIfThere(join(dmi, name)).catch(() => "")) ?? "")
      .replaceAll(/[^\x20-\x7e]/g, " ")
      .trim();
    return FILLER.test(text) ? "" : text;
  };
  const [vendor, model, serial] = await Promise.all(
    ["sys_vendor", "product_name", "product_serial"].map(field),
  );
  const firmware = existsSync(efi) ? "uefi" : "bios";
  const variable = await readFile(join(efi, SECURE_BOOT)).catch(() => undefined);
  const secureBoot = variable === undefined || variable.length < 5 ? undefined : variable[4] === 1;
  return { vendor: vendor ?? "", model: model ?? "", serial: serial ?? "", firmware, secureBoot };
}

/** `Dell Inc. PowerEdge R650, serial number ABC1234` */
export function serverName({ vendor, model, serial }: Server): string {
  const name = model.startsWith(vendor) ? model : `${vendor} ${model}`;
  const known = name.trim() || "A server that does not say what it is";
  return serial === "" ? known : `${known}, serial number ${serial}`;
}

/** `UEFI, Secure Boot is on` */
export function firmwareText({ firmware, secureBoot }: Server): string {
  if (firmware === "bios") return "BIOS";
  if (secureBoot === undefined) return "UEFI";
  return `UEFI, Secure Boot is ${secureBoot ? "on" : "off"}`;
}
