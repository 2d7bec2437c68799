import { settingsInForce } from "../../check/inforce.ts";
import type { Parts } from "../../check/parts.ts";
import type { System } from "../../system/system.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Page, showPages } from "./pager.ts";

/** What to set on the clients, with this machine's own address filled in. */
export async function showClientSettings(terminal: Terminal, system: System, parts: Parts): Promise<void> {
  await showPages(terminal, { pages: await pagesFor(system, parts) });
}

async function pagesFor(system: System, parts: Parts): Promise<Page[]> {
  const settings = await settingsInForce(system);
  if (settings === undefined) return [notYet("This machine is not configured yet.")];
  const pages = await parts.clientPages(system, settings);
  if (pages === undefined) return [notYet("This machine has no address yet that clients could be told.")];
  return pages.map(({ title, lines }) => ({ title: `Client settings: ${title}`, lines: () => lines }));
}

function notYet(line: string): Page {
  return { title: "Client settings", lines: () => [line] };
}
