import type { Inventory } from "../../install/inventory/inventory.ts";
import { firmwareText, serverName } from "../../install/inventory/server.ts";
import { type Installed, installedText } from "../../install/marker.ts";
import type { Wishes } from "../../install/wish/gather.ts";
import type { Choice } from "../asking/asker.ts";
import { EMPTY_DRAFT } from "../draft.ts";
import { hasKeyboard, layoutStep } from "../steps/keyboardsteps.ts";
import type { Asking } from "./context.ts";

export interface Welcome {
  inventory: Inventory;
  installed: readonly Installed[];
  wishes: Wishes;
  /** Why an unattended installation did not happen. */
  reasons: readonly string[];
}

export type WelcomeChoice = "install" | "restart" | "poweroff" | "again";

/** The first page: the server, what is on it, what came with the medium. */
export async function askWelcome(asking: Asking, welcome: Welcome): Promise<WelcomeChoice> {
  const { asker, release, line, system } = asking;
  const isThere = welcome.installed.length > 0;
  const choices: Choice<WelcomeChoice | "keyboard">[] = [
    ...(isThere
      ? [{ value: "restart" as const, label: "Start what is installed", hint: "the server restarts" }]
      : []),
    {
      value: "install",
      label: isThere ? "Install again" : "Install",
      hint: "the next page asks on which disk",
    },
    ...(hasKeyboard({ line })
      ? [{ value: "keyboard" as const, label: "Keyboard", hint: "another layout for this screen" }]
      : []),
    { value: "again", label: "Look again", hint: "after a disk or a stick was plugged in" },
    ...(isThere ? [] : [{ value: "restart" as const, label: "Restart" }]),
    { value: "poweroff", label: "Power off" },
  ];
  const answer = await asker.choose({
    title: titleOf(welcome, release.version),
    lines: welcomeLines(welcome),
    choices,
  });
  if (answer.kind !== "value") return "again";
  if (answer.value !== "keyboard") return answer.value;
  await layoutStep.ask(EMPTY_DRAFT, { system, asker, line, leaseWait: 0 });
  return "again";
}

function titleOf({ installed, reasons }: Welcome, version: string): string {
  if (installed.length > 0) return "This server has Postern already";
  if (reasons.length > 0) return "Postern was not installed by itself";
  return `Install Postern ${version} on this server?`;
}

/** What stands above the choices; the most important first. */
export function welcomeLines({ inventory, installed, wishes, reasons }: Welcome): string[] {
  const { server, disks } = inventory;
  const usable = disks.filter(({ leftOut }) => leftOut === undefined).length;
  return [
    ...installed.map((one) => `${installedText(one)}.`),
    ...reasons,
    serverName(server),
    `Firmware: ${firmwareText(server)}`,
    `Disks: ${usable} can be used, ${disks.length - usable} cannot`,
    ...settingsLines(wishes),
    ...wishes.notes,
  ];
}

function settingsLines({ settings, problems }: Wishes): string[] {
  if (settings === undefined) return [];
  const line = `Settings come from ${settings.from} and go into the installed system.`;
  return problems.length === 0 ? [line] : [line, ...problems, "What is wrong in them is asked for later."];
}
