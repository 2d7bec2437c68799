import type { XmlElement } from "./xml.ts";

/** What an element may hold. */
interface Shape {
  /** Its children's tags, each with a blank behind it. Text is for elements without children. */
  content: RegExp;
  /** Attributes that must be there, with the form of their values, and those that may. */
  must?: Readonly<Record<string, RegExp>>;
  may?: Readonly<Record<string, RegExp>>;
}

const ANY = /^/;
const BOOLEAN = /^(true|false)$/;
const NUMBER = /^\d{1,19}$/;
/** xs:unsignedShort. */
const SHORT = /^\d{1,5}$/;
const NONE = /^$/;
const TEXT: Shape = { content: NONE, may: { "ovf:msgid": ANY } };

/** Prefixes that a descriptor of ours uses, so that tags can be compared as they are written. */
const NAMESPACES: Readonly<Record<string, string>> = {
  xmlns: "http://schemas.dmtf.org/ovf/envelope/1",
  "xmlns:ovf": "http://schemas.dmtf.org/ovf/envelope/1",
  "xmlns:rasd": "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData",
  "xmlns:vssd": "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData",
  "xmlns:vmw": "http://www.vmware.com/schema/ovf",
};

/** Fields of CIM's two classes in the order of their schemas, which is the alphabet's. */
const RASD = [
  ..."Address AddressOnParent AllocationUnits AutomaticAllocation AutomaticDeallocation Caption".split(" "),
  ..."Connection ConsumerVisibility Description ElementName HostResource InstanceID Limit".split(" "),
  ..."MappingBehavior OtherResourceType Parent PoolID Reservation ResourceSubType ResourceType".split(" "),
  ..."VirtualQuantity VirtualQuantityUnits Weight".split(" "),
];
const VSSD = "Caption Description ElementName InstanceID VirtualSystemIdentifier VirtualSystemType".split(
  " ",
);

/**
 * Elements of an OVF 1.1 envelope, as far as a descriptor of ours may use them: order, number and attributes.
 *
 * @see "Open Virtualization Format Specification", DSP0243 1.1.0, DMTF: sections 7 to 10
 */
const SHAPES: Readonly<Record<string, Shape>> = {
  Envelope: {
    content: /^References ((Disk|Network|DeploymentOption)Section )*VirtualSystem $/,
    must: Object.fromEntries(Object.entries(NAMESPACES).map(([name, uri]) => [name, exactly(uri)])),
  },
  References: { content: /^(File )*$/ },
  File: { content: NONE, must: { "ovf:href": ANY, "ovf:id": ANY }, may: { "ovf:size": NUMBER } },
  DiskSection: { content: /^Info (Disk )*$/ },
  Disk: {
    content: NONE,
    must: { "ovf:capacity": ANY, "ovf:diskId": ANY, "ovf:format": ANY },
    may: { "ovf:capacityAllocationUnits": ANY, "ovf:fileRef": ANY, "ovf:populatedSize": NUMBER },
  },
  NetworkSection: { content: /^Info (Network )*$/ },
  Network: { content: /^(Description )?$/, must: { "ovf:name": ANY } },
  DeploymentOptionSection: { content: /^Info (Configuration )*$/ },
  Configuration: {
    content: /^Label Description $/,
    must: { "ovf:id": ANY },
    may: { "ovf:default": BOOLEAN },
  },
  VirtualSystem: {
    content: /^Info (Name )?((OperatingSystem|VirtualHardware|Product|Eula)Section )*$/,
    must: { "ovf:id": ANY },
  },
  OperatingSystemSection: {
    content: /^Info (Description )?$/,
    must: { "ovf:id": SHORT },
    may: { "vmw:osType": ANY },
  },
  VirtualHardwareSection: {
    content: /^Info (System )?(Item )*(vmw:Config )*$/,
    may: { "ovf:transport": ANY },
  },
  System: { content: inOrder("vssd", VSSD) },
  Item: {
    content: inOrder("rasd", RASD),
    may: { "ovf:configuration": ANY, "ovf:required": BOOLEAN, "ovf:bound": /^(min|normal|max)$/ },
  },
  "vmw:Config": {
    content: NONE,
    must: { "vmw:key": ANY, "vmw:value": ANY },
    may: { "ovf:required": BOOLEAN },
  },
  ProductSection: {
    content: /^Info (Product )?(Vendor )?(Version )?(FullVersion )?(\w+Url )*((Category|Property) )*$/,
    may: { "ovf:class": ANY, "ovf:instance": ANY, "ovf:required": BOOLEAN },
  },
  Property: {
    content: /^(Label )?(Description )?(Value )*$/,
    must: {
      "ovf:key": ANY,
      "ovf:type": /^(uint8|sint8|uint16|sint16|uint32|sint32|uint64|sint64|string|boolean|real32|real64)$/,
    },
    may: {
      "ovf:qualifiers": ANY,
      "ovf:userConfigurable": BOOLEAN,
      "ovf:value": ANY,
      "ovf:password": BOOLEAN,
    },
  },
  EulaSection: { content: /^Info License $/ },
};

/** Everything in which a descriptor is not built as the specification says. */
export function* structureProblems(root: XmlElement): Generator<string> {
  if (root.tag !== "Envelope") yield `<${root.tag}> is around everything, not <Envelope>`;
  else yield* elementProblems(root);
}

function* elementProblems(element: XmlElement): Generator<string> {
  const { tag, attributes, children, text } = element;
  const known = SHAPES[tag];
  const { content, must = {}, may = {} } = known ?? TEXT;
  const tags = children.map((child) => child.tag);
  if (!content.test(tags.map((one) => `${one} `).join(""))) {
    yield `<${tag}> holds ${tags.length === 0 ? "nothing" : tags.join(", ")}`;
  }
  if (known !== undefined && text.trim() !== "") yield `<${tag}> holds text`;
  for (const name of Object.keys(must)) if (!attributes.has(name)) yield `<${tag}> has no ${name}`;
  for (const [name, value] of attributes) {
    const form = must[name] ?? may[name];
    if (form === undefined) yield `<${tag}> has ${name}`;
    else if (!form.test(value)) yield `<${tag}>: ${name}=${JSON.stringify(value)}`;
  }
  for (const child of children) yield* elementProblems(child);
}

function inOrder(prefix: string, names: readonly string[]): RegExp {
  // A resource may hang on several connections and lie on several hosts.
  const many = (name: string): string => (name === "Connection" || name === "HostResource" ? "*" : "?");
  return new RegExp(`^${names.map((name) => `(${prefix}:${name} )${many(name)}`).join("")}$`);
}

function exactly(text: string): RegExp {
  return new RegExp(`^${RegExp.escape(text)}$`);
}
