import { UFW_OUT_4, UFW_OUT_6 } from "../paths.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";

/** Where what goes out is decided, for each family. */
const FAMILIES = [
  { command: "iptables", chain: "ufw-after-output", path: UFW_OUT_4 },
  { command: "ip6tables", chain: "ufw6-after-output", path: UFW_OUT_6 },
] as const;

/**
 * What keeps the outgoing rules from being in force in the kernel, in words; undefined where they are. The kernel
 * writes a rule in other words than the file, so they are counted, and the end of both is looked at.
 */
export async function outgoingFault(system: System): Promise<string | undefined> {
  for (const { command, chain, path } of FAMILIES) {
    const [{ stdout: policy }, { stdout: rules }, file = ""] = await Promise.all([
      system.run(command, ["-S", "OUTPUT"]),
      system.run(command, ["-S", chain]),
      readIfThere(system.paths.at(path)),
    ]);
    const wanted = rulesOf(file, chain);
    if (!/^-P OUTPUT DROP$/m.test(policy)) return `${command} lets everything out`;
    if (wanted.length === 0) return `there are no rules for it in ${path}`;
    const standing = rulesOf(rules, chain);
    if (standing.length !== wanted.length || standing.at(-1) !== wanted.at(-1))
      return `${command} has ${standing.length} rules for it, ${path} has ${wanted.length}`;
  }
  return undefined;
}

function rulesOf(text: string, chain: string): string[] {
  return text.split("\n").filter((line) => line.startsWith(`-A ${chain} `));
}
