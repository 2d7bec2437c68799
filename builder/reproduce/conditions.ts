import { PosternError } from "../error.ts";
import type { BuildRecord, RecordedPackage } from "../evidence/record.ts";
import type { BuildDescription } from "../pipeline/describe.ts";

/** Something that goes into a rebuild and is not what the first build had. */
export interface Condition {
  /** A tool of this host, Postern's own source or what it was given, or a package of the archive. */
  kind: "tool" | "source" | "package";
  text: string;
}

/** The input of the base that stands for all package versions; they are told one by one instead. */
const VERSIONS = "package versions";
/** A digest says nothing to a person. */
const DIGEST = /^[0-9a-f]{64}$/;
const LONGEST_SHOWN = 60;

/** Everything that would make a rebuild another build, each once, tools first. */
export function conditionsOf(record: BuildRecord, description: BuildDescription): Condition[] {
  const conditions = [
    ...toolConditions(record.tools, description.tools),
    ...sourceConditions(record, description),
    ...packageConditions(record, description),
  ];
  const seen = new Set<string>();
  return conditions.filter(({ text }) => !seen.has(text) && seen.add(text));
}

type Texts = Readonly<Record<string, string>>;

function toolConditions(was: Texts, is: Texts): Condition[] {
  return namesOf(was, is).map((name) => ({
    kind: "tool",
    text: `${name} is ${is[name] ?? "absent"}, was ${was[name] ?? "absent"}`,
  }));
}

function sourceConditions({ stages, tools }: BuildRecord, description: BuildDescription): Condition[] {
  const source = (text: string): Condition => ({ kind: "source", text });
  const known = new Set(stages.map(({ id }) => id));
  const more = description.stages.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  return [
    ...stages.flatMap(({ id, inputs }) => {
      const now = description.stages.find((stage) => stage.id === id);
      if (now === undefined) return [source(`${id}: this Postern has no such stage`)];
      // Stages name a tool's version after the tool; those are told already.
      return namesOf(inputs, now.inputs)
        .filter((name) => name !== VERSIONS && tools[name] === undefined)
        .map((name) => source(`${id}: ${changeText(name, inputs[name], now.inputs[name])}`));
    }),
    ...more.map((id) => source(`${id}: the first build had no such stage`)),
  ];
}

/**
 * Packages whose version the archive does not give any more. A simulation may take another alternative of a
 * dependency than the build did, so names that only one side has count only where the archive's answer as a whole
 * is another.
 */
function packageConditions(record: BuildRecord, description: BuildDescription): Condition[] {
  const pack = (text: string): Condition => ({ kind: "package", text });
  const given = new Map(description.resolved.map(({ name, version }) => [name, version]));
  const changed = record.packages.flatMap(({ name, version }) => {
    const now = given.get(name);
    return now === undefined || now === version ? [] : [pack(`${name} ${version}: the archive gives ${now}`)];
  });
  if (changed.length > 0 || sameAnswer(record, description)) return changed;
  const had = new Set(record.packages.map(({ name }) => name));
  const more = [...given.keys()].filter((name) => !had.has(name));
  return [
    pack(
      `the archive would give other packages${more.length === 0 ? "" : `, among them ${more.join(", ")}`}`,
    ),
  ];
}

function sameAnswer({ stages }: BuildRecord, description: BuildDescription): boolean {
  return stages.every(({ id, inputs }) => {
    const now = description.stages.find((stage) => stage.id === id);
    return now === undefined || now.inputs[VERSIONS] === inputs[VERSIONS];
  });
}

/** Packages that have the version of the first build and are another file, or are there on one side only. */
export function packageChanges(was: readonly RecordedPackage[], is: readonly RecordedPackage[]): string[] {
  const before = new Map(was.map((one) => [one.name, one]));
  const after = new Map(is.map((one) => [one.name, one]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (now === undefined) return [`${name} ${old?.version}: not installed`];
    if (old === undefined) return [`${name} ${now.version}: not in the first build`];
    if (old.version !== now.version) return [`${name} ${now.version}: was ${old.version}`];
    return old.sha256 === now.sha256 ? [] : [`${name} ${now.version}: another file of the same version`];
  });
}

function namesOf(was: Texts, is: Texts): string[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return names.filter((name) => was[name] !== is[name]);
}

function changeText(name: string, was: string | undefined, is: string | undefined): string {
  if (was === undefined) return `${name} is new`;
  if (is === undefined) return `${name} is gone`;
  const plain = [was, is].every((text) => !DIGEST.test(text) && text.length <= LONGEST_SHOWN);
  return plain ? `${name} is ${is}, was ${was}` : `${name} is not what it was`;
}

const MOST_TOLD = 40;

/** One error for all conditions, or undefined; the first kind decides its code. */
export function conditionsError(conditions: readonly Condition[]): PosternError | undefined {
  if (conditions.length === 0) return undefined;
  const { length } = conditions;
  const more = length > MOST_TOLD ? [`and ${length - MOST_TOLD} more`] : [];
  const lines = [...conditions.slice(0, MOST_TOLD).map(({ text }) => text), ...more];
  const message = `this would be another build, ${length} ${length === 1 ? "thing is" : "things are"} not the same\n${lines.map((line) => `  ${line}`).join("\n")}`;
  const has = (wanted: Condition["kind"]): boolean => conditions.some(({ kind }) => kind === wanted);
  const hints = [
    ...(has("tool") ? ["Use a host with the versions in the record."] : []),
    ...(has("source") ? ["Use the same commit of Postern and the same files."] : []),
    ...(has("package")
      ? [
          "Name an archive that keeps old versions with --mirror URL and --security-mirror URL; docs/reproduce.md.",
        ]
      : []),
    "--anyway builds and compares all the same.",
  ];
  const code = has("source")
    ? "input.other-build"
    : has("tool")
      ? "host.other-tools"
      : "network.other-versions";
  return new PosternError({ code, message, hint: hints.join(" ") });
}
