import { ADMIN, type Paths } from "../paths.ts";
import { readIfThere } from "./files.ts";

/** The number of a group (group(5)); 0 where there is no such group. */
export async function groupId({ group }: Paths, name: string): Promise<number> {
  const text = (await readIfThere(group)) ?? "";
  const line = text.split("\n").find((entry) => entry.startsWith(`${name}:`));
  return Number(line?.split(":")[2] ?? 0);
}

/** The administrator's password field (shadow(5)), or undefined where there is no such account. */
export async function adminHash({ shadow }: Paths): Promise<string | undefined> {
  const text = (await readIfThere(shadow)) ?? "";
  return text
    .split("\n")
    .find((entry) => entry.startsWith(`${ADMIN}:`))
    ?.split(":")[1];
}
