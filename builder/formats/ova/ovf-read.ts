import { type Check, check, differences, problemsOf } from "../check.ts";
import { structureProblems } from "./structure.ts";
import { childrenOf, parseXml, type XmlElement } from "./xml.ts";

/** What an OVF says about its one disk, in bytes. */
export interface OvfFacts {
  file: string;
  fileSize: number;
  capacity: number;
  populated: number;
}

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

/** Reads an OVF descriptor and checks it by its specification and by the rules that importers stumble over. */
export function readOvf(text: string): { facts?: OvfFacts; checks: Check[]; problems: string[] } {
  const parsed = parse(text);
  if (typeof parsed === "string") {
    const checks = [check("OVF: XML", [parsed])];
    return { checks, problems: problemsOf(checks) };
  }
  const { facts, problems: diskProblems, disk } = readDisk(parsed);
  const [system] = childrenOf(parsed, "VirtualSystem");
  const [hardware] = childrenOf(system, "VirtualHardwareSection");
  const configurations = childrenOf(childrenOf(parsed, "DeploymentOptionSection")[0], "Configuration");
  const networks = childrenOf(childrenOf(parsed, "NetworkSection")[0], "Network");
  const around = {
    disk,
    networks: networks.map((network) => attribute(network, "ovf:name")),
    configurations: configurations.map((configuration) => attribute(configuration, "ovf:id")),
  };
  const checks = [
    check("OVF: XML without anything that could be read in two ways", []),
    check("OVF: elements and attributes as DSP0243 has them", structureProblems(parsed)),
    check("OVF: one file, one disk", diskProblems),
    check("OVF: virtual hardware that importers know", itemProblems(childrenOf(hardware, "Item"), around)),
  ];
  return { ...(facts === undefined ? {} : { facts }), checks, problems: problemsOf(checks) };
}

function readDisk(envelope: XmlElement): { facts?: OvfFacts; disk: string; problems: string[] } {
  const [file, ...moreFiles] = childrenOf(childrenOf(envelope, "References")[0], "File");
  const [disk, ...moreDisks] = childrenOf(childrenOf(envelope, "DiskSection")[0], "Disk");
  if (file === undefined || disk === undefined || moreFiles.length + moreDisks.length > 0) {
    return { disk: "", problems: ["not exactly one file and one disk"] };
  }
  const problems: string[] = [];
  const href = attribute(file, "ovf:href");
  if (!FILE_NAME.test(href)) problems.push(`file name ${JSON.stringify(href)}`);
  problems.push(
    ...differences([
      ["the disk's file", attribute(disk, "ovf:fileRef"), attribute(file, "ovf:id")],
      ["the disk's format", attribute(disk, "ovf:format"), STREAM_OPTIMIZED],
      ["the unit of the disk's capacity", attribute(disk, "ovf:capacityAllocationUnits"), MIB_UNITS],
    ]),
  );
  const facts = {
    file: href,
    fileSize: numberOf(attribute(file, "ovf:size"), "file size", problems),
    capacity: numberOf(attribute(disk, "ovf:capacity"), "capacity", problems) * 2 ** 20,
    populated: numberOf(attribute(disk, "ovf:populatedSize"), "populatedSize", problems),
  };
  return { facts, disk: `ovf:/disk/${attribute(disk, "ovf:diskId")}`, problems };
}

/** What an item may name. */
interface Around {
  disk: string;
  networks: readonly string[];
  configurations: readonly string[];
}

function* itemProblems(items: readonly XmlElement[], around: Around): Generator<string> {
  const seen = new Set<string>();
  const controllers = items.filter((item) => CONTROLLERS.includes(fieldOf(item, "ResourceType")));
  const parents = new Set(controllers.map((item) => fieldOf(item, "InstanceID")));
  for (const item of items) {
    const id = fieldOf(item, "InstanceID");
    const key = `${id} ${attribute(item, "ovf:configuration")}`;
    if (!/^[1-9]\d*$/.test(id) || seen.has(key)) yield `item ${id}: its InstanceID is not its own`;
    seen.add(key);
    for (const fault of resourceProblems(item, parents, around)) yield `item ${id}: ${fault}`;
  }
  // One CPU count and one memory size for each configuration: Proxmox adds several up.
  const expected = around.configurations.length === 0 ? [""] : [...around.configurations].sort();
  for (const type of ["3", "4"]) {
    const found = items.filter((item) => fieldOf(item, "ResourceType") === type);
    const sizes = found.map((item) => attribute(item, "ovf:configuration")).sort();
    if (sizes.join() !== expected.join()) yield `items of type ${type}: not one for each size`;
  }
  if (!items.some((item) => fieldOf(item, "ResourceType") === "17")) yield "no disk item";
}

function* resourceProblems(
  item: XmlElement,
  parents: ReadonlySet<string>,
  around: Around,
): Generator<string> {
  const type = fieldOf(item, "ResourceType");
  if (!RESOURCE_TYPES.some((known) => known === type)) yield `resource type ${type}`;
  if (type === "4" && fieldOf(item, "AllocationUnits") !== MIB_UNITS) yield "the unit of memory";
  if (type === "10" && !around.networks.includes(fieldOf(item, "Connection"))) yield "an unknown network";
  if (!DRIVES.includes(type)) return;
  if (type === "17" && fieldOf(item, "HostResource") !== around.disk) yield "an unknown disk";
  if (!parents.has(fieldOf(item, "Parent"))) yield "no controller as its parent";
}

/** The document, or why it cannot be read. */
function parse(text: string): XmlElement | string {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function attribute(element: XmlElement, name: string): string {
  return element.attributes.get(name) ?? "";
}

function fieldOf(item: XmlElement, name: string): string {
  return childrenOf(item, name)[0]?.text ?? "";
}

function numberOf(text: string, what: string, problems: string[]): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) problems.push(`${what} ${JSON.stringify(text)}`);
  return Number(text);
}
