import { messageOf } from "../error.ts";
import { readExport } from "../export/form.ts";
import { aboutText, openExport } from "../export/open.ts";
import type { ExportOnDisk, PosternDisk } from "./posterndisk.ts";
import { printable } from "./printable.ts";
import type { Found, FoundExport, Looked } from "./source.ts";

/*
 * Exports on a disk labelled POSTERN. One that can be opened without a person is settings like any other; one
 * that cannot is told to the console, which asks.
 */

/** What could be opened of the exports on a disk. Where there is more than one, somebody has to choose. */
export async function lookAtExports(disk: PosternDisk, version: string): Promise<Looked> {
  const { exports = [], notes } = disk;
  const found: Found[] = [];
  const asked: FoundExport[] = [];
  for (const one of exports) {
    const looked = await lookAt(disk, one, version, exports.length === 1);
    if ("origin" in looked) found.push(looked);
    else asked.push(looked);
  }
  const words = asked.map(({ name, device, problem }) => noteOf(`${name} on ${device}`, problem));
  return { found, notes: [...notes, ...words], ...(asked.length === 0 ? {} : { exports: asked }) };
}

async function lookAt(
  { device, passphrase }: PosternDisk,
  { name, text }: ExportOnDisk,
  version: string,
  isOnly: boolean,
): Promise<Found | FoundExport> {
  const place = { device: printable(device), name: printable(name) };
  let about = "";
  try {
    const file = readExport(text, name);
    about = aboutText(file);
    const isSealed = file.sealed !== undefined;
    if (!isOnly || (isSealed && passphrase === undefined)) return { ...place, about };
    const given = isSealed && passphrase !== undefined ? { passphrase } : {};
    const { installed, catalogue, ...rest } = await openExport(file, { name, version, ...given });
    const brought = { catalogue, ...(installed === undefined ? {} : { installed }) };
    return { origin: { way: "disk", detail: `${device}, ${name}` }, ...rest, problems: [], brought };
  } catch (error) {
    // With another passphrase it may still be opened.
    if (isAboutPassphrase(error)) return { ...place, about };
    return { ...place, about, problem: printable(messageOf(error)) };
  }
}

function isAboutPassphrase(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "input.passphrase";
}

function noteOf(file: string, problem: string | undefined): string {
  return (
    problem ??
    `${file} is an export of a machine; the console asks for its passphrase, or which one it is to be`
  );
}
