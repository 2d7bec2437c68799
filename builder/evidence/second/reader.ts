import type { ByteSource } from "../../../appliance/disk/bytes.ts";
import { messageOf, PosternError } from "../../error.ts";
import { type Check, check, leftOut } from "../../formats/check.ts";
import type { ArtifactReading } from "../../formats/read.ts";
import { findProbe, installCommand } from "../../host/packages.ts";
import type { Format } from "../../recipe/recipe.ts";

/** An artifact as a second reader gets it: our own reader has been through it. */
export interface Subject {
  path: string;
  format: Format;
  reading: ArtifactReading;
  /** The file itself. */
  source: ByteSource;
  signal: AbortSignal;
}

/** A program of the host that reads a container by code that is not ours. */
export interface SecondReader {
  command: string;
  /** The distribution package that brings it. */
  package: string;
  formats: readonly Format[];
  /** What it is asked, as the check is named. */
  name: string;
  /** Problems that it found. A command that fails is one, too. */
  read(subject: Subject): Promise<string[]>;
}

/** Asks one of them; where the host does not have it that is said, and is no fault of the artifact. */
export async function askReader(reader: SecondReader, subject: Subject): Promise<Check> {
  const { command, name } = reader;
  if ((await findProbe(command)) === undefined) {
    return leftOut(name, `${command} is not installed (${installCommand([reader.package])})`);
  }
  try {
    return check(name, await reader.read(subject));
  } catch (error) {
    subject.signal.throwIfAborted();
    if (error instanceof PosternError) return check(name, [messageOf(error)]);
    throw error;
  }
}
