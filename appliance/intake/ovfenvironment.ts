import { SaxesParser } from "saxes";

/** DSP8027, the schema of the OVF environment (https://schemas.dmtf.org/ovf/environment/1/dsp8027_1.1.0.xsd). */
const NAMESPACE = "http://schemas.dmtf.org/ovf/environment/1";
/** vSphere's own limit for a property is below this, and a whole environment is a few kilobytes. */
export const LARGEST_ENVIRONMENT = 64 * 1024;
const MOST_PROPERTIES = 512;

/** Where the machine's own properties stand. Other machines of a vApp have theirs below `Entity`. */
const PLACE = ["Environment", "PropertySection", "Property"];

/**
 * The properties of an OVF environment, as they stand there. No document type, and no entity but XML's own five.
 *
 * @throws Error with the line when it is not a well-formed OVF environment.
 */
export function parseOvfEnvironment(xml: string): Map<string, string> {
  if (Buffer.byteLength(xml) > LARGEST_ENVIRONMENT) throw new Error(`more than ${LARGEST_ENVIRONMENT} bytes`);
  const properties = new Map<string, string>();
  const open: (string | undefined)[] = [];
  const parser = new SaxesParser({ xmlns: true, position: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("doctype", () => {
    throw new Error("a document type, which an OVF environment has none of");
  });
  parser.on("opentag", ({ local, uri, attributes }) => {
    open.push(uri === NAMESPACE ? local : undefined);
    if (open.length === 1 && open[0] !== PLACE[0]) throw new Error(`<${local}> and not an OVF environment`);
    if (open.length !== PLACE.length || !PLACE.every((name, index) => open[index] === name)) return;
    const own = Object.values(attributes).filter(({ uri: of }) => of === NAMESPACE || of === "");
    const key = own.find((one) => one.local === "key")?.value;
    const value = own.find((one) => one.local === "value")?.value;
    if (key === undefined || value === undefined) return;
    properties.set(key, value);
    if (properties.size > MOST_PROPERTIES) throw new Error(`more than ${MOST_PROPERTIES} properties`);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  // Windows tools put a byte order mark in front; VMware's end with a null or a line feed.
  parser.write(xml.replace(/^\ufeff/, "").replace(/[\0\s]+$/, "")).close();
  return properties;
}
