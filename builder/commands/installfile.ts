import { stringify } from "yaml";
import { readInstallFile } from "../../appliance/install/wish/file.ts";
import type { Problem } from "../../appliance/settings/problem.ts";

/** What the flags say of an installation that asks nobody. */
export interface InstallFlags {
  /** `serial=...`, `wwn=...` or `path=/dev/...`. */
  to: string | undefined;
  requireEmpty: string | undefined;
  /** `poweroff` or `reboot`. */
  after: string | undefined;
}

/** Where in `install.yaml` each flag ends up. */
const FLAG_OF: ReadonlyMap<string, string> = new Map([
  ["requireEmpty", "--require-empty"],
  ["then", "--then"],
]);

/**
 * The `install.yaml` of the flags, checked as the installer will check it; none where no disk is named. What is wrong
 * is added to the problems.
 */
export function installText(flags: InstallFlags, problems: Problem[]): string | undefined {
  const { to, requireEmpty, after } = flags;
  if (to === undefined) {
    for (const [path, value] of [
      ["--require-empty", requireEmpty],
      ["--then", after],
    ] as const) {
      if (value !== undefined) problems.push({ path, expected: "--install-to beside it", got: "none" });
    }
    return undefined;
  }
  const [, kind, which] = /^(serial|wwn|path)=(.*)$/s.exec(to) ?? [];
  if (kind === undefined) {
    const expected = "serial=..., wwn=... or path=/dev/...";
    problems.push({ path: "--install-to", expected, got: JSON.stringify(to) });
    return undefined;
  }
  const file = {
    disk: { [kind]: which },
    ...(requireEmpty === undefined ? {} : { requireEmpty: booleanOf(requireEmpty) }),
    ...(after === undefined
      ? {}
      : {
          // biome-ignore lint/suspicious/noThenProperty: the file's own word; its value is a text, never a function.
          then: after,
        }),
  };
  const text = stringify(file);
  const found = readInstallFile(text).problems;
  for (const { path, expected, got } of found)
    problems.push({ path: FLAG_OF.get(path) ?? "--install-to", expected, got });
  return text;
}

/** What is no boolean stays as it is, for the check to name it. */
function booleanOf(word: string): boolean | string {
  if (word === "true") return true;
  return word === "false" ? false : word;
}
