import { readFile } from "node:fs/promises";

/** What the pages beside the images look like; it goes into each, since they need no other file. */
export function pageStyle(): Promise<string> {
  return readFile(new URL("style.css", import.meta.url), "utf8");
}
