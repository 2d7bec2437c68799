import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PosternError } from "../../error.ts";
import type { OtherArchive } from "../../host/archive.ts";
import { rootCommand } from "../../host/privilege.ts";
import { follow, run } from "../../host/run.ts";
import type { LaidFile } from "../../overlays/load.ts";
import type { Stage, StageContext } from "../../pipeline/stage.ts";
import { loadPathFilters } from "../../recipe/base.ts";
import { type BaseCommand, buildArgs, otherLines, preferencesText, sourcesText } from "./command.ts";
import { earlyTar } from "./early.ts";
import { type InstalledPackage, parsePackageList, versionChanges } from "./packages.ts";

const CUSTOMIZE = fileURLToPath(new URL("customize.sh", import.meta.url));

export interface BaseStageOptions {
  base: BaseCommand["base"];
  packages: readonly string[];
  mirror?: string | undefined;
  keyring?: string | undefined;
  /** Where the packages come from, if not from there; it leaves no trace in the tree. */
  from?: OtherArchive | undefined;
  /** What the archive was found to give. */
  resolved: readonly InstalledPackage[];
  /** The pinned Node that goes onto the appliance. */
  node: string;
  /** What the overlays put into the initrd. */
  early: readonly LaidFile[];
  epoch: number;
  inputs: Readonly<Record<string, string>>;
}

/** Makes the root tree at native speed, with every package that any overlay asks for. */
export function baseStage(options: BaseStageOptions): Stage {
  return {
    id: "base",
    title: `root tree of ${options.base.title}`,
    needs: [],
    inputs: options.inputs,
    outputs: ["root.tar", "packages.tsv"],
    run: (context) => makeBase(options, context),
  };
}

async function makeBase(options: BaseStageOptions, context: StageContext): Promise<void> {
  const { base, mirror, packages, keyring, from } = options;
  const file = (name: string): string => join(context.work, name);
  await writeFile(file("filters"), await loadPathFilters());
  const preferences = await writeOptional(file("postern.pref"), preferencesText(base.pins));
  const sources = await writeOptional(file("postern.sources"), sourcesText(base, mirror));
  const list = from === undefined ? undefined : otherLines(base, from, keyring);
  const otherList = await writeOptional(file("other.list"), list);
  await run("strip", ["--strip-all", "-o", file("node"), options.node], { signal: context.signal });
  await writeFile(file("early.tar"), await earlyTar(options.early, options.epoch));
  const packageList = join(context.out, "packages.tsv");
  const args = buildArgs(
    {
      ...{ base, packages, mirror, keyring, filters: file("filters"), preferences },
      ...(otherList === undefined ? {} : { other: { list: otherList, own: file("own.list") } }),
    },
    {
      node: file("node"),
      early: file("early.tar"),
      sources,
      customize: CUSTOMIZE,
      packageList,
      tar: join(context.out, "root.tar"),
    },
  );
  // By itself mmdebstrap would be root as one of the caller's sub-ids, which may not enter his cache.
  const asRoot = rootCommand("mmdebstrap", args, process.geteuid?.() === 0, true);
  await follow(asRoot.command, asRoot.args, {
    signal: context.signal,
    env: {
      SOURCE_DATE_EPOCH: String(options.epoch),
      TMPDIR: context.work,
      DEBIAN_FRONTEND: "noninteractive",
    },
    onLine: (line) => tell(line, context),
    code: "host.mmdebstrap",
    hint: "Read mmdebstrap's last lines above. A package that cannot be found: check --base and --mirror.",
  });
  const changes = versionChanges(options.resolved, parsePackageList(await readFile(packageList, "utf8")));
  if (changes.length === 0) return;
  throw new PosternError({
    code: "network.archive-changed",
    message: `the archive changed while the base was made:\n  ${changes.slice(0, 20).join("\n  ")}`,
    hint: "Run ./postern build --refresh.",
  });
}

async function writeOptional(file: string, text: string | undefined): Promise<string | undefined> {
  if (text === undefined) return undefined;
  await writeFile(file, text);
  return file;
}

/** mmdebstrap's own steps are worth a line each; apt's chatter is not. */
function tell(line: string, context: StageContext): void {
  if (/^I: (running|downloading|extracting|installing|creating)/.test(line))
    context.progress.note(line.slice(3));
  if (/^(E|W): /.test(line)) context.progress.note(line);
}
