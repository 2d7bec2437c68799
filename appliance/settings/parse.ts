import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, visit, type YAMLMap } from "yaml";
import { messageOf } from "../error.ts";
import { check, type Problem, problemsError } from "./problem.ts";
import { settingsSchema } from "./schema.ts";
import type { Settings } from "./settings.ts";
import { hasTooManyTokens } from "./tokens.ts";
import { openYaml } from "./yaml.ts";

/** Real settings are a few kilobytes. */
export const LARGEST = 256 * 1024;
/** Settings nest five levels; a parser that recurses must not be led deeper by a stranger's file. */
const DEEPEST = 32;

const HINT = "Correct the file, or run: posternctl setup";

/**
 * Checks a settings file and returns it with every default filled in and every text in canonical form.
 *
 * @param text YAML 1.2, core schema. Tags, aliases, merge keys and repeated keys are refused.
 * @param file Name of the file for the messages.
 * @throws PosternError `input.settings` with every problem, each with its path, what was expected and what came.
 */
export function parseSettings(text: string, file: string): Settings {
  const fail = (problems: Problem[]) => problemsError("input.settings", file, problems, HINT);
  if (Buffer.byteLength(text) > LARGEST) {
    throw fail([
      { path: "(document)", expected: `at most ${LARGEST} bytes`, got: `${Buffer.byteLength(text)}` },
    ]);
  }
  const { value, problems: yamlProblems } = readYaml(text);
  if (yamlProblems.length > 0) throw fail(yamlProblems);
  const { value: settings, problems } = check(settingsSchema, value);
  if (settings === undefined) throw fail(problems);
  return settings;
}

/** The plain value of a YAML text, or what is wrong with its form. Which fields it has is not looked at. */
export function readYaml(text: string): { value: unknown; problems: Problem[] } {
  const lines = new LineCounter();
  try {
    if (isTooDeep(text))
      return { value: undefined, problems: [documentProblem(`at most ${DEEPEST} levels`)] };
    if (hasTooManyTokens(text))
      return {
        value: undefined,
        problems: [documentProblem("fewer entries", "more than any settings have")],
      };
    const document = openYaml(text, lines);
    const problems = [...faults(document, lines), ...foreignNodes(document, lines)];
    if (problems.length > 0) return { value: undefined, problems };
    return { value: document.toJS({ maxAliasCount: 0 }), problems };
  } catch (error) {
    return { value: undefined, problems: [documentProblem("YAML", messageOf(error))] };
  }
}

/**
 * Syntax errors and warnings: what only draws a warning elsewhere is not settings either. Behind a colon the
 * library quotes the text, which may be a secret; the line tells the place as well.
 */
function faults(document: Document.Parsed, lines: LineCounter): Problem[] {
  return [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    path: `line ${lines.linePos(pos[0]).line}`,
    expected: "YAML",
    got: message.split(/[:\n]/)[0] ?? message,
  }));
}

function foreignNodes(document: Document.Parsed, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  visit(document, (role, node) => {
    if (!isNode(node)) return;
    if (isMap(node)) problems.push(...repeatedNames(node, lines));
    const path = `line ${lines.linePos(node.range?.[0] ?? 0).line}`;
    if (isAlias(node)) problems.push({ path, expected: "the value itself, no alias", got: "an alias" });
    // joi drops this name without a word.
    else if (role === "key" && isScalar(node) && node.value === "__proto__") {
      problems.push({ path, expected: "a field", got: "__proto__" });
    } else if (node.tag !== undefined)
      problems.push({ path, expected: "plain values, no tag", got: "a tag" });
  });
  return problems;
}

function repeatedNames(map: YAMLMap, lines: LineCounter): Problem[] {
  const names = new Set<unknown>();
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const isRepeated = names.has(key.value);
    names.add(key.value);
    const path = `line ${lines.linePos(key.range?.[0] ?? 0).line}`;
    return isRepeated ? [{ path, expected: "each name once", got: "a name that was there before" }] : [];
  });
}

/** Whether a parser should not even begin. */
export function isTooDeep(text: string): boolean {
  return deepest(text) > DEEPEST;
}

/** An upper bound of the nesting: open brackets at once, or levels of indentation and `- - -`. */
function deepest(text: string): number {
  let open = 0;
  let most = 0;
  for (const character of text) {
    if (character === "[" || character === "{") open++;
    if (character === "]" || character === "}") open = Math.max(0, open - 1);
    most = Math.max(most, open);
  }
  for (const line of text.split("\n")) {
    const indents = /^(?:[ \t]*[-?:](?=[ \t]))+/.exec(line)?.[0].replaceAll(/[ \t]/g, "").length ?? 0;
    most = Math.max(most, indents);
  }
  return most;
}

function documentProblem(expected: string, got = "a document that nests deeper"): Problem {
  return { path: "(document)", expected, got };
}
