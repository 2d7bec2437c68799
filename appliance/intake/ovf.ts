import { messageOf } from "../error.ts";
import { salvageSettings, salvageValue } from "../settings/salvage.ts";
import { settingsText } from "../settings/text.ts";
import type { System } from "../system/system.ts";
import { listMedia, type Medium, withMounted } from "./media.ts";
import { ovfDocument } from "./ovfdocument.ts";
import { LARGEST_ENVIRONMENT, parseOvfEnvironment } from "./ovfenvironment.ts";
import { pathOf, readStrange } from "./read.ts";
import type { Looked } from "./source.ts";

/** What the two transports of an OVF environment are called. */
const GUESTINFO = "guestinfo.ovfEnv";
/** Labels of a CD that carries one (cloud-init's ds-identify knows the same three). */
const CD_LABELS = ["OVF-TRANSPORT", "OVFENV", "OVF ENV"];
const CD_FILE = "ovf-env.xml";
/** Such a CD is made by the hypervisor and holds one small file; an installer's is hundreds of times larger. */
const LARGEST_CD = 10 * 1000 * 1000;
const MOST_CDS = 4;
/** VMware's tools answer at once, and not at all elsewhere. */
const PATIENCE = 10_000;

interface Environment {
  /** Which transport, in words. */
  where: string;
  xml: string;
}

/** Settings in the OVF properties that vCenter, or another hypervisor, gave this machine. */
export async function lookAtOvf(system: System): Promise<Looked> {
  const notes: string[] = [];
  for (const { where, xml } of await environments(system, notes)) {
    try {
      const { document, text, problems, unknown } = ovfDocument(parseOvfEnvironment(xml));
      for (const key of unknown) notes.push(`${where}: there is no property ${key}`);
      if (document === undefined) continue;
      const whole = text === undefined ? undefined : salvageSettings(text, "postern.settings");
      const { settings, problems: found } = whole ?? salvageValue(document);
      const origin = { way: "ovf", detail: where } as const;
      const all = whole === undefined ? [...problems, ...found] : found;
      return { found: [{ origin, text: text ?? settingsText(settings), settings, problems: all }], notes };
    } catch (error) {
      notes.push(`${where} is no OVF environment: ${messageOf(error).split("\n")[0]}`);
    }
  }
  return { found: [], notes };
}

async function environments(system: System, notes: string[]): Promise<Environment[]> {
  const fromTools = await askTools(system);
  const fromCds = await askCds(system, notes);
  return [...(fromTools === undefined ? [] : [{ where: GUESTINFO, xml: fromTools }]), ...fromCds];
}

/**
 * Asks the hypervisor. Where `guest_rpc.rpci.auth.cmd.info-get` is set the first tool is refused and the second
 * is not (https://cloudinit.readthedocs.io/en/latest/reference/datasources/vmware.html).
 */
async function askTools(system: System): Promise<string | undefined> {
  const question = `info-get ${GUESTINFO}`;
  const ways = [
    ["vmware-rpctool", [question]],
    ["vmtoolsd", ["--cmd", question]],
  ] as const;
  for (const [command, args] of ways) {
    const ran = await system.run(command, args, { timeout: PATIENCE }).catch(() => undefined);
    if (ran?.code === 0 && ran.stdout.trim() !== "") return ran.stdout;
  }
  return undefined;
}

async function askCds(system: System, notes: string[]): Promise<Environment[]> {
  const media = await listMedia(system).catch(() => []);
  const isNamed = ({ label }: Medium): boolean => CD_LABELS.includes(label);
  const small = media.filter(({ isCd, type, size }) => isCd && type === "iso9660" && size < LARGEST_CD);
  const found: Environment[] = [];
  for (const cd of [...small.filter(isNamed), ...small.filter((one) => !isNamed(one))].slice(0, MOST_CDS)) {
    try {
      const xml = await withMounted(system, cd, async (folder) => {
        const path = await pathOf(folder, [CD_FILE]);
        return path === undefined ? undefined : await readStrange(path, LARGEST_ENVIRONMENT);
      });
      if (xml !== undefined) found.push({ where: `${CD_FILE} on ${cd.device}`, xml: xml.toString("utf8") });
    } catch (error) {
      notes.push(messageOf(error));
    }
  }
  return found;
}
