/** An element of a small XML document. */
export interface XmlElement {
  /** As it is written: `rasd:Parent`. */
  tag: string;
  /** Without its prefix: `Parent`. */
  name: string;
  /** By their names as they are written; no two differ by their prefix only. */
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** Text directly inside, entities decoded. */
  text: string;
}

const NAME = "[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?";
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*"([^"<]*)"`, "y");
const OPENING = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*"[^"<]*")*)\\s*(/?)>`, "y");
const CLOSING = new RegExp(`</(${NAME})\\s*>`, "y");
const TEXT = /[^<]+/y;
const DECLARATION = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/;
/** An OVF needs five levels; without an end, whoever walks through it would not have one either. */
const DEEPEST = 16;
const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};

/**
 * Parses the XML that an OVF needs and nothing more: no document type, no comments, no CDATA, no further entities.
 * What an importer could read in two ways is refused.
 *
 * @throws SyntaxError with the offset
 */
export function parseXml(document: string): XmlElement {
  const source = document.replace(DECLARATION, "");
  if (source === document) throw new SyntaxError("no XML declaration for 1.0 and UTF-8");
  const top: XmlElement = { tag: "", name: "", attributes: new Map(), children: [], text: "" };
  const open = [top];
  for (let at = 0; at < source.length; ) {
    const parent = open.at(-1);
    if (parent === undefined) throw new SyntaxError(`an element too many is closed at ${at}`);
    const [match, kind] = next(source, at);
    at += match[0].length;
    if (kind === "text") parent.text += decode(match[0]);
    else if (kind === "closing") {
      if (parent.tag !== match[1]) throw new SyntaxError(`</${match[1]}> closes <${parent.tag}>`);
      open.pop();
    } else {
      const tag = match[1] ?? "";
      const attributes = attributesOf(match[2] ?? "");
      const element: XmlElement = { tag, name: local(tag), attributes, children: [], text: "" };
      parent.children.push(element);
      if (match[3] === "") open.push(element);
      if (open.length > DEEPEST) throw new SyntaxError(`elements in more than ${DEEPEST} others at ${at}`);
    }
  }
  const [root] = top.children;
  if (root === undefined || top.children.length !== 1 || open.length !== 1 || top.text.trim() !== "") {
    throw new SyntaxError("not exactly one element around everything");
  }
  return root;
}

/** Children of a name. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

function next(source: string, at: number): [RegExpExecArray, "text" | "opening" | "closing"] {
  for (const [pattern, kind] of [
    [TEXT, "text"],
    [OPENING, "opening"],
    [CLOSING, "closing"],
  ] as const) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) return [match, kind];
  }
  throw new SyntaxError(`unexpected ${JSON.stringify(source.slice(at, at + 20))} at ${at}`);
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  const names = new Set<string>();
  ATTRIBUTE.lastIndex = 0;
  for (let match = ATTRIBUTE.exec(text); match !== null; match = ATTRIBUTE.exec(text)) {
    const [, name = "", value = ""] = match;
    // A namespace belongs to its prefix; every other attribute counts by its own name.
    const key = name.startsWith("xmlns:") ? name : local(name);
    if (names.has(key)) throw new SyntaxError(`attribute ${name} is there twice`);
    names.add(key);
    attributes.set(name, decode(value));
  }
  return attributes;
}

function decode(text: string): string {
  return text.replace(/&[^;]*;?/g, (entity) => {
    const character = ENTITIES[entity];
    if (character === undefined) throw new SyntaxError(`unknown entity ${entity}`);
    return character;
  });
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
