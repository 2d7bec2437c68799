import type { Denial } from "../../check/denials.ts";
import type { Reach } from "../../check/reach.ts";
import type { CatalogueStatus, Status } from "../../check/status.ts";
import { dateAndTime, wallTime } from "../../time/zoned.ts";
import { squeeze, thousands } from "./figures.ts";

const CLOUDS: Readonly<Record<string, string>> = { gcc: "GCC", "gcc-high": "GCC High", dod: "DoD" };

/** Milliseconds after which an answer of the services is old enough to say so. */
const OLD = 900_000;

/** `commercial, EU, streamlined`. */
export function defenderText({ cloud, regions, connectivity }: NonNullable<Status["defender"]>): string {
  const where = regions.length === 0 ? "all regions" : regions.map((one) => one.toUpperCase()).join(" ");
  return `${CLOUDS[cloud] ?? cloud}, ${where}, ${connectivity}`;
}

/** `of 2026-11-23, from the image`, `of 2026-12-01, signed by SHA256:...`. */
export function catalogueText({ version, key }: CatalogueStatus, width: number): string {
  const from = key === undefined ? "from the image" : `signed by ${key}`;
  return squeeze(`of ${version}, ${from}`, width);
}

/** `MDE ok`, `MDI contoso NOT REACHED`; when the test is old, its time too. */
export function reachTexts({ reach, time, zone, configured }: Status): string[] {
  if (!configured) return [];
  if (reach === undefined || reach.services.length === 0) return ["not tested yet"];
  const texts = reach.services.map(
    ({ id, state }) => `${serviceName(id)} ${state === "ok" ? "ok" : "NOT REACHED"}`,
  );
  return Math.abs(time - reach.time) < OLD ? texts : [...texts, `(${momentText(reach.time, time, zone)})`];
}

/** `MDE`, `MDI contoso`, `CRL`. */
export function serviceName(id: Reach["services"][number]["id"]): string {
  const [first = "", ...rest] = id.split(" ");
  return [first.length <= 4 ? first.toUpperCase() : first, ...rest].join(" ");
}

/** `last hour 84,110 allowed, 212 denied`. */
export function trafficText({ traffic }: Status): string {
  if (traffic === undefined) return "last hour: counting";
  const { allowed, refused, isWhole } = traffic;
  const least = isWhole ? "" : "at least ";
  return `last hour ${least}${thousands(allowed)} allowed, ${thousands(refused)} denied`;
}

const SIX_DAYS = 6 * 86_400_000;

/** `12:04:31` today, `Mon 12:04` in the days before, else the date. */
export function momentText(moment: number, now: number, zone: string): string {
  const { date, time, day } = wallTime(moment, zone);
  if (date === wallTime(now, zone).date) return time;
  return Math.abs(now - moment) < SIX_DAYS ? `${day} ${time.slice(0, 5)}` : date;
}

export function denialTime({ time }: Denial, status: Status): string {
  return momentText(time, status.time, status.zone);
}

/** `10.20.0.5/24 on eth0`, for every card that has an address. */
export function addressTexts({ addresses }: Status): string[] {
  const texts = addresses
    .filter(({ address }) => address !== "")
    .map(({ card, address, hasLink }) => `${address} on ${card}${hasLink ? "" : " NO LINK"}`);
  return texts.length === 0 ? ["NO ADDRESS"] : texts;
}

export function gatewayText({ gateway }: Status): string {
  if (gateway === undefined) return "NO GATEWAY";
  const words = { answers: "gateway ok", silent: "gateway SILENT", unknown: "gateway not tried" };
  return words[gateway.state];
}

export function clockText({ clock }: Status): string {
  if (clock.state === "ok") return `clock ok (${millisecondsText(clock.milliseconds)})`;
  return clock.state === "waiting" ? "clock NOT SYNCHRONISED" : "clock UNKNOWN";
}

/** `2 security, tonight 02:00`. */
export function updatesText({ updates: { pending, installs } }: Status): string {
  if (pending === undefined) return "not counted yet";
  const { total, security } = pending;
  if (total === 0) return "none pending";
  if (security === 0) return `${thousands(total)} pending, none for security`;
  return `${thousands(security)} security, ${installs ?? "NOT by themselves"}`;
}

/** `number 12, from the console (tty1), 2026-11-24 12:00`. */
export function settingsFromText(number: number, origin: string, time: string, zone: string): string {
  const moment = Date.parse(time);
  return `number ${number}, from ${origin}${Number.isNaN(moment) ? "" : `, ${dateAndTime(moment, zone)}`}`;
}

/** Seconds that a change still waits, never below nothing. */
export function secondsLeft(deadline: number, now: number): number {
  return Math.max(0, Math.ceil((deadline - now) / 1000));
}

function millisecondsText(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
