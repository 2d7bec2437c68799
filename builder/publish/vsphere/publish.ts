import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, PosternError } from "../../error.ts";
import { commandText } from "../../host/text.ts";
import type { Progress } from "../../pipeline/progress.ts";
import type { Govc } from "./govc.ts";
import { govcOptions } from "./options.ts";
import { findArguments, itemArguments, OPTIONS_ARGUMENT, type Step, stepsFor } from "./steps.ts";
import type { VsphereWish } from "./wish.ts";

/**
 * Carries out a wish. Nothing is changed before it was seen that nothing of the same name is there, and what a step
 * that failed left half-made is taken away.
 *
 * @param size bytes of the OVA.
 * @returns the inventory path of the machine, where one was made.
 * @throws PosternError `input.vsphere` for a wish that cannot come about there, `network.vsphere` for the rest.
 */
export async function publishToVsphere(
  wish: VsphereWish,
  govc: Govc,
  size: number,
  progress: Progress,
): Promise<string | undefined> {
  await progress.step("ask the server", () => lookFirst(wish, govc));
  const folder = await mkdtemp(join(tmpdir(), "postern-vsphere-"));
  try {
    const options = join(folder, "options.json");
    const text = wish.machine === undefined ? "" : JSON.stringify(govcOptions(wish.machine));
    // It may hold a password's hash.
    await writeFile(options, text, { mode: 0o600 });
    for (const step of stepsFor(wish)) {
      const args = step.args.map((one) => (one === OPTIONS_ARGUMENT ? `-options=${options}` : one));
      await progress.step(step.title, (inner) =>
        govc.change(args, size, inner).catch((error: unknown) => undo(step, govc, inner, error)),
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (wish.machine === undefined) return undefined;
  return (await govc.ask(findArguments(wish.machine))).trim();
}

/** What can be known before anything is changed. */
async function lookFirst(wish: VsphereWish, govc: Govc): Promise<void> {
  const { library, machine } = wish;
  const kind = apiType(await govc.ask(["about", "-json"]));
  const isEsxi = kind === "HostAgent";
  if (isEsxi && library !== undefined)
    throw refused(
      "an ESXi host has no content library",
      "Leave --library out, or let GOVC_URL name a vCenter.",
    );
  if (isEsxi && machine !== undefined && machine.properties.size > 0 && !machine.onEsxi)
    throw refused(
      "an ESXi host alone does not hand settings to a machine",
      "--esxi lets govc write them into the machine's configuration, where they stay readable.",
    );
  if (!isEsxi && machine?.onEsxi === true)
    throw refused("--esxi is given, and this is a vCenter", "Leave --esxi out: vCenter hands settings over.");
  if (library !== undefined) {
    if ((await govc.ask(["library.info", library.name])).trim() === "")
      throw refused(
        `there is no content library ${library.name}`,
        `Make it with: govc library.create -ds=DATASTORE ${library.name}`,
      );
    if ((await govc.ask(itemArguments(library))).trim() !== "")
      throw refused(
        `${library.name} has an item ${library.item} already`,
        "Choose another name with --item.",
      );
  }
  if (machine === undefined) return;
  const found = (await govc.ask(findArguments(machine))).trim();
  if (found !== "")
    throw refused(`there is a virtual machine ${found} already`, "Choose another name with --name.");
}

/** What `govc about -json` says of the server: `VirtualCenter` or `HostAgent` (vSphere's AboutInfo.apiType). */
function apiType(text: string): unknown {
  try {
    return JSON.parse(text)?.about?.apiType;
  } catch {
    return undefined;
  }
}

/** Takes away what was half-made, or says how; then the error goes on. */
async function undo(step: Step, govc: Govc, progress: Progress, error: unknown): Promise<never> {
  try {
    if ((await govc.cleanUp(step.left)).trim() !== "") {
      await govc.cleanUp(step.undo);
      progress.note("what was half-made is taken away again");
    }
  } catch (fault) {
    const why = messageOf(fault).trimEnd().split("\n").at(-1);
    progress.note(
      `something may be left; take it away with: ${commandText(["govc", ...step.undo])} (${why})`,
    );
  }
  throw error;
}

function refused(message: string, hint: string): PosternError {
  return new PosternError({ code: "input.vsphere", message, hint });
}
