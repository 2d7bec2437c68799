import type { CatalogueInUse } from "../endpoints/installed.ts";
import { PosternError } from "../error.ts";
import type { ExportFile } from "../export/form.ts";
import { readFoundExports } from "../intake/foundexports.ts";
import type { FoundExport } from "../intake/source.ts";
import type { Keyboard } from "../settings/settings.ts";
import { isMap } from "../settings/without.ts";
import type { System } from "../system/system.ts";
import type { ApplyContext } from "./applycontext.ts";
import { type Draft, draftOf, EMPTY_DRAFT } from "./draft.ts";
import { errorLines } from "./failurelines.ts";

/** What an exported machine's file answers the questions with. */
export interface Restored {
  draft: Draft;
  /** Its settings file, comments and all. */
  text: string;
  catalogue?: CatalogueInUse;
  /** For the history. */
  detail: string;
}

/** `new`: the questions are asked, as on a machine without an export. */
export type Restoring = { way: "restored"; restored: Restored } | { way: "new" } | { way: "gone" };

/** What a page of it came to; `back` is the page before. */
type Page<T> = { way: "next"; value: T } | { way: "back" } | { way: "gone" };

/**
 * Offers to restore an exported machine, where the boot found its file on a disk labelled POSTERN and could not
 * open it by itself. Without one nothing is asked.
 */
export async function offerRestore(context: ApplyContext, version: string): Promise<Restoring> {
  for (;;) {
    const found = await readFoundExports(context.system.paths);
    if (found.length === 0) return { way: "new" };
    const answer = await context.asker.choose<FoundExport | "new">(questionOf(found));
    if (answer.kind === "gone") return { way: "gone" };
    if (answer.kind === "back") continue;
    if (answer.value === "new") return { way: "new" };
    const opened = await restore(answer.value, context, version);
    if (opened.way === "gone") return { way: "gone" };
    if (opened.way === "next") return { way: "restored", restored: opened.value };
  }
}

function questionOf(found: readonly FoundExport[]) {
  const usable = found.filter(({ problem }) => problem === undefined);
  const unusable = found.flatMap(({ problem, device }) =>
    problem === undefined ? [] : [`On ${device}: ${problem.split("\n")[0]}`],
  );
  return {
    title: "First boot: restore an exported machine?",
    lines: ["A disk labelled POSTERN is there, with what makes a machine.", ...unusable],
    choices: [
      ...usable.map((one) => ({
        value: one,
        label: `Restore ${one.about.split(",")[0]}`,
        hint: `${one.about.split(", ").slice(1).join(", ")}; ${one.name} on ${one.device}`,
      })),
      { value: "new" as const, label: "Set up new", hint: "the questions of a first boot" },
    ],
  };
}

/** Reads the file, asks for its passphrase where it is sealed, and opens it. */
async function restore(found: FoundExport, context: ApplyContext, version: string): Promise<Page<Restored>> {
  const { asker, system } = context;
  asker.page("Restore: reading the export");
  const { readExport } = await import("../export/form.ts");
  let passphrase: string | undefined;
  let problem: string | undefined;
  let isKeyboardAsked = false;
  try {
    const file = readExport(await textOn(system, found), found.name);
    for (;;) {
      if (file.sealed !== undefined) {
        if (!isKeyboardAsked) {
          const keyboard = await askKeyboard(file, context);
          if (keyboard.way !== "next") return keyboard;
          isKeyboardAsked = true;
        }
        const asked = await askPassphrase(found, context, problem);
        if (asked.way !== "next") return asked;
        passphrase = asked.value;
      }
      asker.page("Restore: opening the export");
      asker.print("Its passphrase is made slow to guess: this takes a second, on a slow machine many.");
      try {
        return { way: "next", value: await opened(file, found, { system, version, passphrase }) };
      } catch (error) {
        if (!(error instanceof PosternError) || error.code !== "input.passphrase") throw error;
        problem = "That was another passphrase. Capitals and the keyboard's layout count.";
      } finally {
        // Opening takes a while: what was typed meanwhile was meant for no page.
        asker.forget();
      }
    }
  } catch (error) {
    return tell(error, context);
  }
}

async function opened(
  file: ExportFile,
  { name, device }: FoundExport,
  { system, version, passphrase }: { system: System; version: string; passphrase: string | undefined },
): Promise<Restored> {
  const [{ openExport }, { catalogueToTake }, { catalogueInUse }] = await Promise.all([
    import("../export/open.ts"),
    import("../export/catalogue.ts"),
    import("../endpoints/installed.ts"),
  ]);
  const given = passphrase === undefined ? {} : { passphrase };
  const all = await openExport(file, { name, version, ...given });
  const { catalogue } = catalogueToTake(all, await catalogueInUse(system.paths));
  return {
    draft: draftOf(all.settings),
    text: all.text,
    detail: `restored from ${name} on ${device}`,
    ...(catalogue === undefined ? {} : { catalogue }),
  };
}

/** @throws PosternError `input.export` when the disk was taken out. */
async function textOn(system: System, { device, name }: FoundExport): Promise<string> {
  const [{ readDisks }, { printable }] = await Promise.all([
    import("../intake/disk.ts"),
    import("../intake/printable.ts"),
  ]);
  const disk = (await readDisks(system)).find((one) => one.device === device);
  const file = disk?.exports?.find((one) => printable(one.name) === name);
  if (file !== undefined) return file.text;
  throw new PosternError({
    code: "input.export",
    message: `${name} is not on ${device} any more.`,
    hint: "Put the disk back in, or set this machine up new.",
  });
}

/** On the machine's own screen the keys have to be right before a passphrase is typed. */
async function askKeyboard(file: ExportFile, context: ApplyContext): Promise<Page<Keyboard>> {
  const [{ hasKeyboard, layoutStep, tryStep }, { walk }, { salvageValue }] = await Promise.all([
    import("./steps/keyboardsteps.ts"),
    import("./wizard.ts"),
    import("../settings/salvage.ts"),
  ]);
  const { layout, variant } = isMap(file.settings.keyboard) ? file.settings.keyboard : {};
  const { keyboard } = salvageValue({ schema: 1, keyboard: { layout, variant } }).settings;
  if (!hasKeyboard(context)) return { way: "next", value: keyboard };
  const { way, draft } = await walk([layoutStep, tryStep], { ...EMPTY_DRAFT, keyboard }, context);
  return way === "next" ? { way, value: draft.keyboard } : { way };
}

async function askPassphrase(
  { about }: FoundExport,
  { asker }: ApplyContext,
  problem: string | undefined,
): Promise<Page<string>> {
  const answer = await asker.text({
    title: "Restore: passphrase of the export",
    lines: [
      ...(problem === undefined ? [] : [problem]),
      about,
      "The one that was chosen when it was exported.",
    ],
    isSecret: true,
    look: (text) => (text === "" ? { problem: "the passphrase" } : {}),
  });
  return answer.kind === "value" ? { way: "next", value: answer.value } : { way: answer.kind };
}

async function tell(error: unknown, { asker }: ApplyContext): Promise<{ way: "back" | "gone" }> {
  const answer = await asker.choose({
    title: "Restore: the export cannot be used",
    lines: errorLines(error),
    choices: [{ value: true, label: "Back", hint: "to set up new, or try again" }],
  });
  return { way: answer.kind === "gone" ? "gone" : "back" };
}
