import { existsSync } from "node:fs";
import { beginInstall, type Order } from "../../install/begin.ts";
import { takeInventory } from "../../install/inventory/inventory.ts";
import { livePaths } from "../../install/live.ts";
import { openLog } from "../../install/log.ts";
import { findInstalled } from "../../install/marker.ts";
import { type InstallState, readState } from "../../install/state.ts";
import { decide } from "../../install/wish/decide.ts";
import { gatherWishes, type Wishes } from "../../install/wish/gather.ts";
import { askerFor } from "../asking/askerfor.ts";
import { forgetTyped } from "../terminal/terminal.ts";
import type { Asking, InstallContext } from "./context.ts";
import { askForDisk } from "./diskpages.ts";
import { leave } from "./leaving.ts";
import { progressView } from "./progress.ts";
import { countDown } from "./unattended.ts";
import { watchInstall } from "./watch.ts";
import { askWelcome } from "./welcome.ts";

/**
 * Asks until an installation has run, here or elsewhere, or somebody leaves.
 *
 * @param before the state of an earlier installation that was read here already.
 */
export async function askForInstall(
  context: InstallContext,
  before: InstallState | undefined,
): Promise<void> {
  const watched = watchInstall(context.system.paths);
  try {
    const asker = await askerFor(context.terminal, context.header, watched.signal);
    const order = await orderOf({ ...context, asker }, before);
    watched.stop();
    if (order !== undefined) await work(context, order);
  } finally {
    watched.stop();
  }
}

/** What is to be installed where; undefined: not now. */
async function orderOf(asking: Asking, before: InstallState | undefined): Promise<Order | undefined> {
  const { system, medium, asker } = asking;
  asker.page("Looking at this server");
  const wishes = await gatherWishes(system);
  const { reasons, order } = await unattended(asking, wishes);
  if (order !== undefined) return order;
  // Another console's, which began and ended meanwhile, is shown first.
  if ((await readState(system.paths))?.started !== before?.started) return undefined;
  const inventory = await takeInventory(system, medium.device);
  const disks = inventory.disks.map(({ disk }) => disk);
  const installed = await findInstalled(system, disks);
  const choice = await askWelcome(asking, { inventory, installed, wishes, reasons });
  if (choice === "restart" || choice === "poweroff") await leave(asking, choice);
  if (choice !== "install") return undefined;
  const disk = await askForDisk(asking);
  if (disk === undefined) return undefined;
  const { firmware } = inventory.server;
  return { disk, firmware, afterwards: "ask", settings: wishes.settings };
}

/** The installation that somebody wishes, unless it is not clear or somebody stops it. */
async function unattended(
  asking: Asking,
  wishes: Wishes,
): Promise<{ reasons: readonly string[]; order?: Order }> {
  const { system, medium, late, asker } = asking;
  const { state, held } = livePaths(system.paths);
  if (existsSync(held) || existsSync(state)) return { reasons: [] };
  if (wishes.isWished) asker.print("An unattended installation is wished; looking for its disk.");
  const decision = await decide(system, wishes, medium.device, late);
  const log = openLog(system.paths);
  if (decision.kind === "ask") return { reasons: [] };
  if (decision.kind === "stop") {
    for (const reason of decision.reasons) log(`not installed unattended: ${reason}`);
    return { reasons: decision.reasons };
  }
  if (!(await countDown(asking, decision.disk))) {
    log("the unattended installation was stopped at a console");
    return { reasons: ["The unattended installation was stopped at a console."] };
  }
  const { server } = await takeInventory(system, medium.device);
  const { disk, afterwards } = decision;
  return { reasons: [], order: { disk, firmware: server.firmware, afterwards, settings: wishes.settings } };
}

async function work({ system, release, terminal, header }: InstallContext, order: Order): Promise<void> {
  const view = progressView(terminal, header);
  try {
    await beginInstall(system, release, order, (state) => view.show(state));
  } finally {
    view.close();
    forgetTyped(terminal);
  }
}
