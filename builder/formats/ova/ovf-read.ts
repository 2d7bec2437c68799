import { messageOf } from "../../error.ts";
import { childrenOf, parseXml, type XmlElement } from "./xml.ts";

/** What an OVF says about its one disk, in bytes. */
export interface OvfFacts {
  file: string;
  fileSize: number;
  capacity: number;
  populated: number;
}

const ENVELOPE = "http://schemas.dmtf.org/ovf/envelope/1";
const STREAM_OPTIMIZED = "http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized";
const MIB_UNITS = "byte * 2^20";
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9.+=_-]*$/;
/**
 * What importers know; a required item of another type stops them. 3 CPU, 4 memory, 6 SCSI, 10 network, 15 CD
 * drive, 17 disk, 20 SATA.
 */
const RESOURCE_TYPES = ["3", "4", "6", "10", "15", "17", "20"] as const;
const CONTROLLERS: readonly string[] = ["6", "20"];
/** Those that hang on a controller. */
const DRIVES: readonly string[] = ["15", "17"];

/** Reads an OVF descriptor and checks it by the rules that importers stumble over. */
export function readOvf(text: string): { facts?: OvfFacts; problems: string[] } {
  const problems: string[] = [];
  const envelope = parsed(text, problems);
  if (envelope === undefined) return { problems };
  if (envelope.attributes.get("xmlns") !== ENVELOPE) problems.push("not an OVF 1 envelope");
  const [file, ...moreFiles] = childrenOf(childrenOf(envelope, "References")[0], "File");
  const [disk, ...moreDisks] = childrenOf(childrenOf(envelope, "DiskSection")[0], "Disk");
  if (file === undefined || disk === undefined || moreFiles.length + moreDisks.length > 0) {
    return { problems: [...problems, "not exactly one file and one disk"] };
  }
  const attribute = (element: XmlElement, name: string): string => element.attributes.get(name) ?? "";
  const href = attribute(file, "href");
  if (!FILE_NAME.test(href)) problems.push(`file name ${JSON.stringify(href)}`);
  if (attribute(disk, "fileRef") !== attribute(file, "id")) problems.push("the disk names another file");
  if (attribute(disk, "format") !== STREAM_OPTIMIZED) problems.push("the disk's format");
  if (attribute(disk, "capacityAllocationUnits") !== MIB_UNITS)
    problems.push("the unit of the disk's capacity");
  const facts = {
    file: href,
    fileSize: numberOf(attribute(file, "size"), "file size", problems),
    capacity: numberOf(attribute(disk, "capacity"), "capacity", problems) * 2 ** 20,
    populated: numberOf(attribute(disk, "populatedSize"), "populatedSize", problems),
  };
  const [system] = childrenOf(envelope, "VirtualSystem");
  const [hardware] = childrenOf(system, "VirtualHardwareSection");
  const configurations = childrenOf(childrenOf(envelope, "DeploymentOptionSection")[0], "Configuration");
  const networks = childrenOf(childrenOf(envelope, "NetworkSection")[0], "Network");
  problems.push(
    ...itemProblems(childrenOf(hardware, "Item"), {
      disk: `ovf:/disk/${attribute(disk, "diskId")}`,
      networks: networks.map((network) => attribute(network, "name")),
      configurations: configurations.map((configuration) => attribute(configuration, "id")),
    }),
  );
  return { facts, problems };
}

interface Around {
  disk: string;
  networks: readonly string[];
  configurations: readonly string[];
}

function itemProblems(items: readonly XmlElement[], around: Around): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  const controllers = items.filter((item) => CONTROLLERS.includes(fieldOf(item, "ResourceType")));
  for (const item of items) {
    const id = fieldOf(item, "InstanceID");
    const say = (text: string): number => problems.push(`item ${id}: ${text}`);
    const key = `${id} ${item.attributes.get("configuration") ?? ""}`;
    if (!/^[1-9]\d*$/.test(id) || seen.has(key)) say("its InstanceID is not its own");
    seen.add(key);
    const names = item.children.map((child) => child.name);
    if (names.join() !== [...names].sort().join()) say("its fields are not in the schema's order");
    const type = fieldOf(item, "ResourceType");
    if (!RESOURCE_TYPES.some((known) => known === type)) say(`resource type ${type}`);
    if (type === "4" && fieldOf(item, "AllocationUnits") !== MIB_UNITS) say("the unit of memory");
    if (type === "10" && !around.networks.includes(fieldOf(item, "Connection"))) say("an unknown network");
    if (!DRIVES.includes(type)) continue;
    if (type === "17" && fieldOf(item, "HostResource") !== around.disk) say("an unknown disk");
    const parent = fieldOf(item, "Parent");
    if (!controllers.some((one) => fieldOf(one, "InstanceID") === parent)) say("no controller as its parent");
  }
  // One CPU count and one memory size for each configuration: Proxmox adds several up.
  const expected = around.configurations.length === 0 ? [""] : [...around.configurations].sort();
  for (const type of ["3", "4"]) {
    const found = items
      .filter((item) => fieldOf(item, "ResourceType") === type)
      .map((item) => item.attributes.get("configuration") ?? "");
    if (found.sort().join() !== expected.join())
      problems.push(`items of type ${type}: not one for each size`);
  }
  if (!items.some((item) => fieldOf(item, "ResourceType") === "17")) problems.push("no disk item");
  return problems;
}

function parsed(text: string, problems: string[]): XmlElement | undefined {
  try {
    return parseXml(text);
  } catch (error) {
    problems.push(`XML: ${messageOf(error)}`);
    return undefined;
  }
}

function fieldOf(item: XmlElement, name: string): string {
  return childrenOf(item, name)[0]?.text ?? "";
}

function numberOf(text: string, what: string, problems: string[]): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) problems.push(`${what} ${JSON.stringify(text)}`);
  return Number(text);
}
