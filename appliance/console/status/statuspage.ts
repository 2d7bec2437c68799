import { originText } from "../../apply/origin.ts";
import type { Denial } from "../../check/denials.ts";
import type { Status } from "../../check/status.ts";
import { reasonOf } from "../../traffic/access.ts";
import { cut, wrap } from "../terminal/width.ts";
import { flow, listText, sizeText, squeeze, thousands } from "./figures.ts";
import type { PageLine, PageOptions } from "./pageline.ts";
import { narrowPage } from "./statusnarrow.ts";
import { type Notice, statusNotices } from "./statusnotices.ts";
import * as words from "./statuswords.ts";

/** Below this a line has no room for a label and what it says. */
const NARROW = 70;
const LABEL = 12;

/** The status as lines for a screen: each fits, and there are never more than rows. */
export function statusPage(status: Status, options: PageOptions): string[] {
  const { columns, rows, isConsole, hasKeys = true, said } = options;
  // The last column stays free: some terminals begin a new line there.
  const width = columns - 2;
  const page = { ...options, hasKeys };
  const lines = columns < NARROW ? narrowPage(status, page, width) : widePage(status, page, width);
  const below = [...(said === undefined ? [] : [said]), ...(hasKeys ? keyLines(isConsole, width) : [])];
  // On the smallest of screens the state matters more than the keys.
  const keys = below.slice(0, Math.floor(rows / 2));
  const shown = shed(lines, rows - keys.length);
  const gap = keys.length > 0 && shown.length + keys.length < rows ? [""] : [];
  return [...shown, ...gap, ...keys].map((line) => (line === "" ? "" : cut(` ${line}`, columns - 1)));
}

function widePage(status: Status, { hasKeys = true }: PageOptions, width: number): PageLine[] {
  const { hostname, version } = status;
  const header = flow(
    [
      `Postern ${version}`,
      ...(hostname === undefined ? [] : [hostname]),
      ...words.addressTexts(status),
      words.gatewayText(status),
      words.clockText(status),
    ],
    width,
  );
  return [
    ...header.map((text, index) => ({ text, rank: index })),
    { text: "", rank: 5 },
    { text: servingRow(status, width), rank: 0 },
    ...statusNotices(status, hasKeys).flatMap((notice) => noticeRows(notice, width)),
    ...(status.configured ? trafficRows(status, width) : []),
    ...machineRows(status, width),
  ];
}

/** A text that is long goes on below, as long as there is room for more important lines. */
function noticeRows({ label, text }: Notice, width: number): PageLine[] {
  const lines = wrap(text, width - LABEL);
  return lines.map((line, index) => ({
    text: row(index === 0 ? label : "", line),
    rank: index === 0 ? 1 : 6,
  }));
}

function trafficRows(status: Status, width: number): PageLine[] {
  const { defender, denials, tunnels } = status;
  const shown = denials.map((denial, index) => ({
    text: row(index === 0 ? "Last denied" : "", denialText(denial, status, width - LABEL)),
    rank: index === 0 ? 3 : 8 + index,
  }));
  return [
    { text: row("Tunnels", `${thousands(tunnels)} open   ${words.trafficText(status)}`), rank: 2 },
    ...(defender === undefined
      ? []
      : sides("Defender", words.defenderText(defender), words.reachTexts(status), width)),
    ...(shown.length === 0 ? [{ text: row("Last denied", "nothing"), rank: 3 }] : shown),
  ];
}

function machineRows(status: Status, width: number): PageLine[] {
  const { disks, ssh, settings, zone, configured, catalogue } = status;
  const log = disks.find(({ name }) => name === "log");
  const disk = log === undefined ? "unknown" : `log ${log.percent} % of ${sizeText(log.bytes)}`;
  const from = ssh.from.length === 0 ? "closed" : `from ${listText(ssh.from, width - LABEL - 5)}`;
  const fingerprints = ssh.fingerprints.map((text) => ({ text: row("", text), rank: 7 }));
  return [
    { text: row("Disk", `${disk.padEnd(24)}Updates ${words.updatesText(status)}`), rank: 4 },
    ...(configured ? [{ text: row("SSH", from), rank: 4 }, ...fingerprints] : []),
    ...(catalogue === undefined
      ? []
      : [{ text: row("Catalogue", words.catalogueText(catalogue, width - LABEL)), rank: 6 }]),
    ...(settings === undefined
      ? []
      : [
          {
            text: row(
              "Settings",
              words.settingsFromText(settings.number, originText(settings.origin), settings.time, zone),
            ),
            rank: 6,
          },
        ]),
  ];
}

function servingRow({ serving, configured, clients, port }: Status, width: number): string {
  if (!configured) return row("NOT SERVING", "this machine is not configured yet");
  if (!serving) return row("NOT SERVING", "the proxy does not listen; posternctl check says why");
  const right = `port ${port}`;
  const room = width - LABEL - right.length - 2;
  const names = clients.map(({ cidr, label }) => (label === undefined ? cidr : `${cidr} ${label}`));
  return row("Serving", `${listText(names, room).padEnd(room)}  ${right}`);
}

/** What is said on the left and, as far right as it goes, what belongs to it; on two lines where it is long. */
function sides(label: string, left: string, right: readonly string[], width: number): PageLine[] {
  const room = width - LABEL;
  const joined = right.join("   ");
  if (left.length + 3 + joined.length <= room)
    return [{ text: row(label, left + joined.padStart(room - left.length)), rank: 2 }];
  const below = flow(right, room, [3]).map((text) => ({ text: row("", text), rank: 2 }));
  return [{ text: row(label, left), rank: 2 }, ...below];
}

function denialText(denial: Denial, status: Status, width: number): string {
  const before = `${words.denialTime(denial, status)}  ${denial.client} -> `;
  const after = `   ${reasonOf(denial.rule)}`;
  return `${before}${squeeze(denial.target, Math.max(12, width - before.length - after.length))}${after}`;
}

function keyLines(isConsole: boolean, width: number): string[] {
  const last = isConsole ? ["[l] log in", "[b] reboot"] : ["[b] reboot", "[q] quit"];
  const isNarrow = width < NARROW - 2;
  const clients = isNarrow ? "[c] clients" : "[c] client settings";
  const middle = isNarrow ? ["[t] test", "[d] denials"] : ["[d] denials", "[t] test"];
  return flow(["[r] reconfigure", clients, ...middle, ...last], width, [2, 1]);
}

function row(label: string, text: string): string {
  return `${label.padEnd(LABEL)}${text}`;
}

/** Takes the least important lines out until the rest has room; of equals the last goes first. */
export function shed(lines: readonly PageLine[], room: number): string[] {
  const kept = [...lines];
  while (kept.length > Math.max(1, room)) {
    const worst = Math.max(...kept.map(({ rank }) => rank));
    kept.splice(
      kept.findLastIndex(({ rank }) => rank === worst),
      1,
    );
  }
  return kept.map(({ text }) => text);
}
