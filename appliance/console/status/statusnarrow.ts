import type { Status } from "../../check/status.ts";
import { listText, squeeze, thousands } from "./figures.ts";
import type { PageLine, PageOptions } from "./pageline.ts";
import { statusNotices } from "./statusnotices.ts";
import { addressTexts, reachTexts } from "./statuswords.ts";

/** The same in lines of forty characters: the most important ones first, as so few have room. */
export function narrowPage(status: Status, { hasKeys = true }: PageOptions, width: number): PageLine[] {
  const { hostname, version, configured } = status;
  const texts = [
    [`Postern ${version}`, ...(hostname === undefined ? [] : [hostname])].join("  "),
    servingText(status),
    ...statusNotices(status, hasKeys).map(({ short }) => short),
    listText(addressTexts(status), width),
    ...(configured ? trafficTexts(status, width) : []),
    diskText(status),
  ];
  return texts.map((text, index) => ({ text, rank: index }));
}

function servingText({ serving, configured, clients, port }: Status): string {
  if (!configured) return "NOT SERVING: not configured yet";
  if (!serving) return "NOT SERVING: posternctl check says why";
  const networks = clients.length === 1 ? "1 network" : `${thousands(clients.length)} networks`;
  return `Serving ${networks} on port ${port}`;
}

function trafficTexts(status: Status, width: number): string[] {
  const { traffic, tunnels, denials } = status;
  const [last] = denials;
  const hour =
    traffic === undefined
      ? "counting"
      : `${traffic.isWhole ? "" : "> "}${thousands(traffic.allowed)} ok, ${thousands(traffic.refused)} denied`;
  return [
    `${thousands(tunnels)} open, hour ${hour}`,
    listText(reachTexts(status), width),
    ...(last === undefined ? [] : [`Denied ${squeeze(last.target, width - 7)}`]),
  ];
}

function diskText({ disks, updates: { pending } }: Status): string {
  const log = disks.find(({ name }) => name === "log");
  const count = pending === undefined ? "" : `  ${thousands(pending.security)} security updates`;
  return `${log === undefined ? "Log unknown" : `Log ${log.percent} % full`}${count}`;
}
