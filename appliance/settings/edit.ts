import { isDeepStrictEqual } from "node:util";
import { type Document, isMap } from "yaml";
import { PosternError } from "../error.ts";
import { mergeLines } from "./editing/merge.ts";
import { reviseMap } from "./editing/revise.ts";
import { parseSettings } from "./parse.ts";
import type { Settings } from "./settings.ts";
import { settingsText } from "./text.ts";
import { openYaml } from "./yaml.ts";

/** A value whose default hangs on another one may need a second look once that other one is written. */
const MOST_LOOKS = 3;

/**
 * The settings file with only what differs from `settings` changed: comments, order, quotes and blank lines
 * stay as somebody wrote them, and a default is written only where the text says something else. A text that
 * is no settings file is replaced as a whole.
 *
 * `parseSettings` of the result is `settings`.
 */
export function editSettings(text: string, settings: Settings): string {
  const before = meaningOf(text);
  if (before === undefined) return settingsText(settings);
  if (isDeepStrictEqual(before, settings)) return text;
  // The library takes the CR of a CRLF for a part of a remark.
  const lines = text.replaceAll("\r\n", "\n");
  const edited = revise(lines, before, settings);
  if (edited === undefined) return settingsText(settings);
  const laid = withOldLayout(lines, edited, settings);
  return text === lines ? laid : laid.replaceAll("\n", "\r\n");
}

/** The edited document in the YAML library's own layout. */
function revise(text: string, before: Settings, after: Settings): string | undefined {
  const document = openYaml(text);
  if (!isMap(document.contents)) return undefined;
  let meant = before;
  for (let look = 0; look < MOST_LOOKS; look++) {
    reviseMap({ document, text, path: [] }, document.contents, { ...meant }, { ...after });
    const edited = print(document, text);
    const now = meaningOf(edited);
    if (now === undefined) return undefined;
    if (isDeepStrictEqual(now, after)) return edited;
    meant = now;
  }
  return undefined;
}

/**
 * The library lays a whole document out anew: it moves comments that stood in columns, drops second blank
 * lines and indents its own way. So only the lines that the edit changed are taken from it.
 */
function withOldLayout(text: string, edited: string, settings: Settings): string {
  const merged = mergeLines({ original: text, base: print(openYaml(text), text), edited });
  return isDeepStrictEqual(meaningOf(merged), settings) ? merged : edited;
}

function meaningOf(text: string): Settings | undefined {
  try {
    return parseSettings(text, "settings");
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}

/** As near to the text's own layout as the library can: lists under their key, or further in. */
function print(document: Document, text: string): string {
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  const isFlush = lines.some((line, index) => {
    const above = lines[index - 1];
    if (above === undefined || !/^\s*-\s/.test(line) || /^\s*-\s/.test(above)) return false;
    return line.search(/\S/) === above.search(/\S/);
  });
  return document.toString({ lineWidth: 0, indentSeq: !isFlush });
}
