import { readStatus, type Status } from "../check/status.ts";
import { currentSettings } from "../settings/current.ts";
import type { RunCommand } from "./command.ts";

export const run: RunCommand = async ({ system, release, print }, { flags }) => {
  const status = await readStatus(system, await currentSettings(system.paths), release);
  if (flags.has("json")) print(JSON.stringify(status, undefined, 2));
  else for (const line of statusLines(status)) print(line);
  return 0;
};

/** The status as lines of words, at most `width` characters each. */
export function statusLines(status: Status, width = 79): string[] {
  const { version, base, hostname, addresses, serving, configured, clients, port, defender, ssh, denials } =
    status;
  const row = (title: string, text: string) => `${title.padEnd(12)}${text}`;
  const names = clients
    .map(({ cidr, label }) => (label === undefined ? cidr : `${cidr} ${label}`))
    .join(", ");
  const closed = configured
    ? "NOT SERVING  the proxy does not listen; see: posternctl check"
    : "NOT SERVING  not configured yet";
  return [
    row("Postern", `${version} on ${base}${hostname === undefined ? "" : `, ${hostname}`}`),
    ...addresses.map(({ card, address, hasLink }) =>
      row("Network", `${card}  ${address || "no address"}  ${hasLink ? "link up" : "NO LINK"}`),
    ),
    serving ? row("Serving", `port ${port} for ${names}`) : closed,
    ...(defender === undefined ? [] : [row("Defender", defenderText(defender))]),
    row("SSH", ssh.from.length === 0 ? "closed" : `from ${ssh.from.join(", ")}`),
    ...ssh.fingerprints.map((text) => row("", text)),
    ...denials.map(({ time, client, target, rule }) =>
      row("Denied", `${clockTime(time)}  ${client} -> ${target}  (${rule})`),
    ),
  ].map((text) => (text.length > width ? `${text.slice(0, width - 3)}...` : text));
}

function defenderText({
  cloud,
  connectivity,
  services,
  workspaces,
}: NonNullable<Status["defender"]>): string {
  const named = workspaces.length === 0 ? "" : ` (${workspaces.join(", ")})`;
  return `${cloud}, ${connectivity}: ${services.join(", ")}${named}`;
}

/** Hours, minutes and seconds, UTC. */
function clockTime(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}
