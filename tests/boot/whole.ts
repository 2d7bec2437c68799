import { rootOutput } from "./inspect.ts";
import type { SshTarget } from "./kit/ssh.ts";

/** What is made from settings, and the settings themselves, on a machine: path to SHA-256. */
export type Picture = ReadonlyMap<string, string>;

/** Differs from boot to boot without anybody's settings, or belongs to a change that is under way. */
const OTHERS = /^\/etc\/(adjtime|mtab|resolv\.conf|\.pwd\.lock|machine-id|shadow-|ld\.so\.cache)$/;

/** Every file below /etc, and the confirmed settings. */
export async function pictureOf(target: SshTarget, password: string): Promise<Picture> {
  const find = ["find", "/etc", "/var/lib/postern/confirmed.yaml", "-xdev", "-type", "f"];
  const text = await rootOutput(target, password, ...find, "-exec", "sha256sum", "{}", "+");
  const lines = text.trim().split("\n").sort();
  const entries = lines.map((line) => [line.slice(66), line.slice(0, 64)] as const);
  return new Map(entries.filter(([path]) => !OTHERS.test(path)));
}

/** Paths whose content is not the same in both. */
export function differences(one: Picture, other: Picture): string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path)).sort();
}
