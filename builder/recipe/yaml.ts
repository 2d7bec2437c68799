import { isAlias, isNode, LineCounter, parseDocument, visit } from "yaml";
import type { Problem } from "../../appliance/settings/problem.ts";
import { messageOf } from "../error.ts";

/** A recipe is a page at most; anything longer is another file. */
const LARGEST = 64 * 1024;

/**
 * Reads YAML 1.2 (core schema) strictly: repeated names, tags, aliases and merge keys are refused, because
 * each can make a file say something else than its reader thinks.
 */
export function readYaml(bytes: Uint8Array): { value: unknown; problems: Problem[] } {
  if (bytes.length > LARGEST) {
    return refused({ path: "(document)", expected: `at most ${LARGEST} bytes`, got: `${bytes.length}` });
  }
  const lines = new LineCounter();
  const at = (offset: number | undefined): string => `line ${lines.linePos(offset ?? 0).line}`;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const document = parseDocument(text, {
      lineCounter: lines,
      version: "1.2",
      schema: "core",
      merge: false,
      resolveKnownTags: false,
      strict: true,
      stringKeys: true,
      uniqueKeys: true,
      prettyErrors: false,
    });
    const problems: Problem[] = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
      path: at(pos[0]),
      expected: "YAML",
      got: message.split("\n")[0] ?? message,
    }));
    visit(document, (_, node) => {
      if (!isNode(node)) return;
      const path = at(node.range?.[0]);
      if (isAlias(node)) {
        problems.push({ path, expected: "the value itself, no alias", got: `*${node.source}` });
      } else if (node.tag !== undefined) {
        problems.push({ path, expected: "a plain value, no tag", got: node.tag });
      }
    });
    return problems.length > 0 ? refused(...problems) : { value: document.toJS(), problems };
  } catch (error) {
    return refused({ path: "(document)", expected: "YAML in UTF-8", got: messageOf(error) });
  }
}

function refused(...problems: Problem[]): { value: undefined; problems: Problem[] } {
  return { value: undefined, problems };
}
