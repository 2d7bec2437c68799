import { type Document, type LineCounter, parseDocument } from "yaml";

/** YAML 1.2, core schema, nothing besides: what one reader takes for a date or a merge is a text here. */
export function openYaml(text: string, lineCounter?: LineCounter): Document.Parsed {
  return parseDocument(text, {
    ...(lineCounter === undefined ? {} : { lineCounter }),
    version: "1.2",
    schema: "core",
    merge: false,
    resolveKnownTags: false,
    strict: true,
    stringKeys: true,
    // The library compares every name with every other. Who reads a stranger's file looks for repeated names.
    uniqueKeys: false,
    prettyErrors: false,
  });
}
