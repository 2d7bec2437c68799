import { readFile } from "node:fs/promises";
import Mustache from "mustache";

/** What the texts beside the disk say. */
export interface HypervModel {
  version: string;
  /** Name of the disk in the zip. */
  vhdx: string;
  /** Of its bytes, hex. */
  sha256: string;
}

export const SCRIPT_NAME = "Import-Postern.ps1";
export const README_NAME = "README.txt";

/** The script that makes the virtual machine. ASCII: Windows PowerShell 5.1 takes a file without a mark for ANSI. */
export async function importScript(model: HypervModel): Promise<string> {
  return render("import.ps1.mustache", { ...model, sha256: model.sha256.toUpperCase() }, escapeSingleQuoted);
}

export async function readmeText(model: HypervModel): Promise<string> {
  const underline = "=".repeat(`Postern ${model.version} for Hyper-V`.length);
  return render("readme.txt.mustache", { ...model, underline }, String);
}

async function render(template: string, view: object, escaped: (value: unknown) => string): Promise<string> {
  const text = Mustache.render(
    await readFile(new URL(template, import.meta.url), "utf8"),
    view,
    {},
    { escape: escaped },
  );
  // Notepad before Windows 10 1809 shows nothing else as lines.
  return text.replaceAll("\n", "\r\n");
}

/** A value inside a single-quoted PowerShell string, where a quote is written twice and nothing else is special. */
function escapeSingleQuoted(value: unknown): string {
  return String(value).replaceAll("'", "''");
}
