import { readFile } from "node:fs/promises";
import Mustache from "mustache";
import { PosternError } from "../../error.ts";
import { guestOf, type OvaMachine, type OvaProduct } from "./machine.ts";

/** The VMDK as the OVF names it. Sizes in bytes. */
export interface OvfDisk {
  file: string;
  fileSize: number;
  /** Size of the disk inside; whole MiB. */
  capacity: number;
  /** Bytes of it that are not left out as zero. */
  populated: number;
}

export interface OvfModel {
  /** Name of the virtual machine. */
  name: string;
  disk: OvfDisk;
  machine: OvaMachine;
  product: OvaProduct;
  /** The text that has to be accepted on import; it may have lines. */
  eula?: string;
}

const TEMPLATE = new URL("ovf.mustache", import.meta.url);
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/**
 * The OVF 1.1 descriptor. Every value is escaped for XML.
 *
 * @throws PosternError `artifact.ovf` for a character that XML cannot hold
 */
export async function renderOvf({ name, disk, machine, product, eula }: OvfModel): Promise<string> {
  const { sizes, hardware, scsi, nic, firmware, hasCdDrive, properties } = machine;
  const hasChoice = sizes.length > 1;
  const view = {
    name,
    disk: { ...disk, capacityMiB: disk.capacity / 2 ** 20 },
    hasChoice,
    sizes: sizes.map((size, index) => ({ ...size, isDefault: index === 0 })),
    // Some importers take the last of several, so the default stands there.
    items: [...sizes].reverse().map(({ id, cpus, memoryMiB }) => ({
      configuration: hasChoice ? id : "",
      cpus,
      memoryMiB,
    })),
    guest: guestOf(product.distribution, hardware),
    hardware,
    scsi,
    nic,
    isEfi: firmware === "efi",
    hasCdDrive,
    transport: hasCdDrive ? "com.vmware.guestInfo iso" : "com.vmware.guestInfo",
    hasProperties: properties.length > 0,
    // Named here, because mustache would look in the surrounding view for a field that is missing.
    properties: properties.map((property, index) => ({
      qualifiers: "",
      ...property,
      // A heading holds for all that follow.
      category: properties[index - 1]?.category === property.category ? "" : property.category,
    })),
    product,
    license: eula === undefined ? "" : escapeLines(eula),
  };
  return Mustache.render(await readFile(TEMPLATE, "utf8"), view, {}, { escape: escapeXml });
}

/** A value as XML text or attribute. */
export function escapeXml(value: unknown): string {
  const text = String(value);
  if (hasForbidden(text)) {
    throw new PosternError({
      code: "artifact.ovf",
      message: `${JSON.stringify(text)} holds a character that XML cannot`,
      hint: "Take control characters out of the name, the version or the license agreement.",
    });
  }
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A text with lines and tabs, as XML text. Line ends become `\n`, as an XML reader would make them. */
function escapeLines(text: string): string {
  const lines = text
    .replace(/^\ufeff/, "")
    .trimEnd()
    .split(/\r\n?|\n/);
  return lines.map((line) => line.split("\t").map(escapeXml).join("\t")).join("\n");
}

/** XML 1.0, production 2, without line breaks and tabs: no other value has them. */
function hasForbidden(text: string): boolean {
  return !text.isWellFormed() || [...text].some((one) => one < " " || one === "\ufffe" || one === "\uffff");
}
