import { problemLines } from "../../intake/boot.ts";
import { readDisks } from "../../intake/disk.ts";
import { salvageSettings } from "../../settings/salvage.ts";
import { readIfThere } from "../../system/files.ts";
import type { System } from "../../system/system.ts";
import { livePaths } from "../live.ts";
import { type InstallFile, LARGEST_INSTALL_FILE, readInstallFile } from "./file.ts";

/** What came with the medium or on a stick labelled POSTERN. */
export interface Wishes {
  /** Whether somebody wishes an installation that asks nobody. */
  isWished: boolean;
  /** What the wish says; undefined where it cannot be read. */
  file: InstallFile | undefined;
  /** Settings that go into the installed system. */
  settings: { text: string; from: string } | undefined;
  /** What is wrong or ambiguous, in words; each stops an unattended installation. */
  problems: readonly string[];
  /** What is good to know. */
  notes: readonly string[];
}

interface Source {
  from: string;
  text: string;
}

/** Reads what came. Never throws. */
export async function gatherWishes(system: System): Promise<Wishes> {
  const paths = livePaths(system.paths);
  const disks = await readDisks(system);
  const [settings, install] = await Promise.all([
    readIfThere(paths.settings).catch(() => undefined),
    readIfThere(paths.install).catch(() => undefined),
  ]);
  const medium = (text: string | undefined): Source[] =>
    text === undefined ? [] : [{ from: "the installation medium", text }];
  const sticks = (key: "settings" | "install"): Source[] =>
    disks.flatMap((disk) => {
      const text = disk[key];
      return text === undefined ? [] : [{ from: disk.device, text }];
    });
  return weigh(
    [...sticks("install"), ...medium(install)],
    [...sticks("settings"), ...medium(settings)],
    disks.flatMap(({ notes }) => notes),
  );
}

/** Decides what counts. Settings on a stick come before those of the medium, as at every first start. */
export function weigh(
  installs: readonly Source[],
  settings: readonly Source[],
  notes: readonly string[],
): Wishes {
  const problems: string[] = [];
  const [install, ...otherInstalls] = eachOnce(installs);
  if (install !== undefined && otherInstalls.length > 0) {
    const all = [install, ...otherInstalls].map(({ from }) => from).join(", ");
    problems.push(`install.yaml is there more than once, and differs: ${all}`);
  }
  const file = install === undefined ? undefined : fileOf(install, problems);
  const [first, ...others] = eachOnce(settings);
  if (first !== undefined) {
    const wrong = salvageSettings(first.text, "settings.yaml").problems;
    problems.push(...problemLines(wrong).map((line) => `settings.yaml of ${first.from}: ${line}`));
  }
  const left = others.map(({ from }) => `Settings of ${from} are not taken: those of ${first?.from} count.`);
  return { isWished: install !== undefined, file, settings: first, problems, notes: [...notes, ...left] };
}

function fileOf({ from, text }: Source, problems: string[]): InstallFile | undefined {
  if (Buffer.byteLength(text) > LARGEST_INSTALL_FILE) {
    problems.push(`install.yaml of ${from}: more than ${LARGEST_INSTALL_FILE} bytes`);
    return undefined;
  }
  const read = readInstallFile(text);
  problems.push(...problemLines(read.problems).map((line) => `install.yaml of ${from}: ${line}`));
  return read.file;
}

function eachOnce(sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ text }, index) => sources.findIndex((other) => other.text === text) === index);
}
