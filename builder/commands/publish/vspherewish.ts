import type { Problem } from "../../../appliance/settings/problem.ts";
import { propertiesOf } from "../../publish/vsphere/properties.ts";
import {
  DISKS,
  type MachineWish,
  PLACES,
  type PlaceFlag,
  SIZES,
  type VsphereWish,
} from "../../publish/vsphere/wish.ts";
import { didYouMean } from "../../recipe/nearest.ts";
import { type FlagSpec, hasFlag, listFlag, type ParsedArguments, textFlag } from "../flags.ts";

export const VSPHERE_FLAGS: readonly FlagSpec[] = [
  { name: "--name", kind: "text" },
  { name: "--network", kind: "text" },
  { name: "--size", kind: "text" },
  { name: "--disk", kind: "text" },
  { name: "--settings", kind: "text" },
  { name: "--property", kind: "list" },
  { name: "--library", kind: "text" },
  { name: "--item", kind: "text" },
  { name: "--datacenter", kind: "text" },
  { name: "--datastore", kind: "text" },
  { name: "--pool", kind: "text" },
  { name: "--host", kind: "text" },
  { name: "--folder", kind: "text" },
  { name: "--power-on", kind: "switch" },
  { name: "--esxi", kind: "switch" },
  { name: "--check-upload", kind: "switch" },
  { name: "--dry-run", kind: "switch" },
];

/** What the flags say, as far as it can be known before the OVA and the settings are read. */
export interface AskedFor {
  properties: ReadonlyMap<string, string>;
  wishFor(ova: string, stem: string, properties: ReadonlyMap<string, string>): VsphereWish;
}

/** A name that needs no escape in an inventory path, and is no pattern and no flag. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._ -]{0,79}$/;
const NAME_EXPECTED = "letters, digits, blanks and . _ -, 80 at most, with a letter or digit first";
/** Flags that say something about a machine, where none is made without a name. */
const MACHINE_ONLY = [
  ...["--network", "--size", "--disk", "--settings", "--property", "--power-on", "--esxi", "--check-upload"],
  ...Object.keys(PLACES).map((place) => `--${place}`),
];

/** Reads the flags; everything that is wrong with them is added to the problems. */
export function vsphereWish(flags: ParsedArguments["flags"], problems: Problem[]): AskedFor {
  const name = nameFlag(flags, "--name", problems);
  const library = nameFlag(flags, "--library", problems);
  const item = nameFlag(flags, "--item", problems);
  const properties = propertiesOf(listFlag(flags, "--property"), problems);
  if (
    name === undefined &&
    library === undefined &&
    !hasFlag(flags, "--name") &&
    !hasFlag(flags, "--library")
  )
    problems.push({ path: "flags", expected: "--name, --library, or both", got: "neither" });
  const needs = (flag: string, other: string): void => {
    if (hasFlag(flags, flag) && !hasFlag(flags, other))
      problems.push({ path: flag, expected: `${other} too`, got: "it alone" });
  };
  needs("--item", "--library");
  for (const flag of MACHINE_ONLY) needs(flag, "--name");
  if (hasFlag(flags, "--check-upload") && library !== undefined)
    problems.push({ path: "--check-upload", expected: "no --library: a library always checks", got: "both" });
  const machine = name === undefined ? undefined : machineOf(name, flags, problems);
  return {
    properties,
    wishFor: (ova, stem, all) => ({
      ova,
      ...(library === undefined ? {} : { library: { name: library, item: item ?? stem } }),
      ...(machine === undefined ? {} : { machine: { ...machine, properties: all } }),
    }),
  };
}

function machineOf(
  name: string,
  flags: ParsedArguments["flags"],
  problems: Problem[],
): Omit<MachineWish, "properties"> {
  const network = placeText(flags, "--network", problems);
  if (network === undefined && !hasFlag(flags, "--network"))
    problems.push({ path: "--network", expected: "the network that your servers reach", got: "nothing" });
  const places = (Object.keys(PLACES) as PlaceFlag[]).flatMap((place): [PlaceFlag, string][] => {
    const value = placeText(flags, `--${place}`, problems);
    return value === undefined ? [] : [[place, value]];
  });
  return {
    name,
    network: network ?? "",
    size: wordFlag(flags, "--size", SIZES, problems),
    disk: wordFlag(flags, "--disk", DISKS, problems),
    place: Object.fromEntries(places),
    powerOn: hasFlag(flags, "--power-on"),
    onEsxi: hasFlag(flags, "--esxi"),
    checkUpload: hasFlag(flags, "--check-upload"),
  };
}

function nameFlag(flags: ParsedArguments["flags"], flag: string, problems: Problem[]): string | undefined {
  const value = textFlag(flags, flag);
  if (value === undefined || NAME.test(value)) return value;
  problems.push({ path: flag, expected: NAME_EXPECTED, got: JSON.stringify(value) });
  return undefined;
}

/** A name or path in the inventory: what vSphere allows there, without control characters. */
function placeText(flags: ParsedArguments["flags"], flag: string, problems: Problem[]): string | undefined {
  const value = textFlag(flags, flag);
  if (value === undefined || /^[^\p{C}]{1,400}$/u.test(value)) return value;
  problems.push({ path: flag, expected: "a name or path of the inventory", got: JSON.stringify(value) });
  return undefined;
}

/** One of a few words; the first where nothing is said. */
function wordFlag<T extends string>(
  flags: ParsedArguments["flags"],
  flag: string,
  words: readonly [T, ...T[]],
  problems: Problem[],
): T {
  const value = textFlag(flags, flag);
  const word = value === undefined ? words[0] : words.find((one) => one === value);
  if (word !== undefined) return word;
  const expected = `one of ${words.join(", ")}${didYouMean(value ?? "", words)}`;
  problems.push({ path: flag, expected, got: JSON.stringify(value) });
  return words[0];
}
