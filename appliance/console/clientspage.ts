import { settingsInForce } from "../check/inforce.ts";
import type { Parts } from "../check/seams.ts";
import { listCards } from "../network/cards.ts";
import { PROXY_PORT } from "../paths.ts";
import type { System } from "../system/system.ts";
import { type Page, showPages } from "./pager.ts";
import type { Terminal } from "./terminal.ts";

/** What to set on the clients, with this machine's own address filled in. */
export async function showClientSettings(terminal: Terminal, system: System, parts: Parts): Promise<void> {
  await showPages(terminal, { pages: await clientPages(system, parts) });
}

async function clientPages(system: System, parts: Parts): Promise<Page[]> {
  const settings = await settingsInForce(system);
  if (settings === undefined) return [notYet("This machine is not configured yet.")];
  const cards = await listCards(system);
  const address = cards.flatMap(({ addresses }) => addresses)[0]?.split("/")[0];
  if (address === undefined) return [notYet("This machine has no address yet that clients could be told.")];
  const clientGuide = await parts.clientGuide();
  if (clientGuide === undefined)
    return [notYet(`Clients of Defender use the proxy http://${address}:${PROXY_PORT}.`)];
  const { cloud, workspaces } = settings.defender;
  return clientGuide({ address, port: PROXY_PORT, cloud, workspaces }).map(({ title, lines }) => ({
    title: `Client settings: ${title}`,
    lines: () => lines,
  }));
}

function notYet(line: string): Page {
  return { title: "Client settings", lines: () => [line] };
}
