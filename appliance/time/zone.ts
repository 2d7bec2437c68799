import { readlink, rename, rm, stat, symlink } from "node:fs/promises";
import { PosternError } from "../error.ts";
import type { System } from "../system/system.ts";

const ZONES = "/usr/share/zoneinfo";
const LOCALTIME = "/etc/localtime";

/** /etc/timezone: for programs that want the name; the clock itself follows /etc/localtime. */
export function timezoneText(zone: string): string {
  return `${zone}\n`;
}

/**
 * Refuses a zone that this machine's tzdata does not have, such as one of the old names that Debian and Ubuntu
 * keep in a package of their own.
 *
 * @throws PosternError `input.settings`
 */
export async function checkZone({ paths }: System, zone: string): Promise<void> {
  const isThere = (path: string) => stat(paths.at(path)).then(Boolean, () => false);
  if (!(await isThere(ZONES)) || (await isThere(`${ZONES}/${zone}`))) return;
  throw new PosternError({
    code: "input.settings",
    message: `time.zone: this machine does not know ${zone}`,
    hint: "Take the name of a city, such as America/New_York, or UTC; timedatectl list-timezones shows all.",
  });
}

/** Whether /etc/localtime (localtime(5)) leads elsewhere. */
export async function isZoneNew({ paths }: System, zone: string): Promise<boolean> {
  const target = await readlink(paths.at(LOCALTIME)).catch(() => undefined);
  // Relative or absolute: both are in use.
  return target === undefined || target.replace(/^\.\./, "") !== `${ZONES}/${zone}`;
}

/** Lets /etc/localtime lead to the zone; a reader sees the old one or the new one. */
export async function setZone({ paths }: System, zone: string): Promise<void> {
  const place = paths.at(LOCALTIME);
  const beside = `${place}.postern-new`;
  await rm(beside, { force: true });
  await symlink(`${ZONES}/${zone}`, beside);
  await rename(beside, place);
}
