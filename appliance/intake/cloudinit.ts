import { messageOf } from "../error.ts";
import { SETTINGS } from "../paths.ts";
import { LARGEST } from "../settings/parse.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { readStrange } from "./read.ts";
import { type Found, foundText, type Looked, NOTHING } from "./source.ts";
import { LARGEST_USER_DATA, settingsInUserData } from "./userdata.ts";

/**
 * Settings that cloud-init brought: in its user data, or written by it to their own place before this machine
 * has any in force.
 */
export async function lookAtCloudInit(system: System): Promise<Looked> {
  const { paths } = system;
  const notes: string[] = [];
  const bytes = await readStrange(paths.userData, LARGEST_USER_DATA).catch((error: unknown) => {
    notes.push(messageOf(error));
    return undefined;
  });
  if (bytes === undefined) return { ...NOTHING, notes };
  const cloud = (await readIfThere(paths.cloudId).catch(() => undefined))?.trim();
  const of = cloud === undefined || !/^[\w-]{1,32}$/.test(cloud) ? "" : ` of ${cloud}`;
  const { settings, notes: more } = settingsInUserData(bytes);
  const found: Found[] = [];
  if (settings !== undefined)
    found.push(foundText({ way: "cloud-init", detail: `user data${of}` }, settings, "user data"));
  const written = await lookAtLaid(system);
  if (written !== undefined && bytes.includes(SETTINGS))
    found.push({
      ...written,
      origin: { way: "cloud-init", detail: `${SETTINGS}, written by user data${of}` },
    });
  return { found, notes: [...notes, ...more] };
}

/** Settings that somebody laid in their place on a machine that has none in force. */
export async function lookAtLaid({ paths }: System): Promise<Found | undefined> {
  // On a configured machine that file is what is in force.
  if ((await readIfThere(paths.confirmed)) !== undefined) return undefined;
  const bytes = await readStrange(paths.settings, LARGEST).catch(() => undefined);
  if (bytes === undefined) return undefined;
  return foundText({ way: "image", detail: SETTINGS }, bytes.toString("utf8"), SETTINGS);
}
