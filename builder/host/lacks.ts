import { PosternError } from "../error.ts";
import { findProbe, type HostPackage, hostPackages, installCommand, isAtLeast } from "./packages.ts";
import { availableMemory, freeBytes } from "./room.ts";
import { bytesText } from "./text.ts";
import { toolVersions } from "./versions.ts";

/** Something that the host must have, and whether it has it. */
export interface HostFact {
  what: string;
  /** What was found: a version, a path, an amount. */
  found: string;
  /** Absent where all is well: what is wrong. */
  problem?: string;
  /** The command that mends it. */
  mend?: string;
  /** Only a build that really runs stages needs it. */
  room?: boolean;
  package?: HostPackage;
}

export interface HostNeeds {
  when: readonly HostPackage["when"][];
  cache: string;
  out: string;
  /** MiB of the build VM. */
  vmMemory: number;
  signal: AbortSignal;
}

/** MiB that the build VM gets at most; the recipe's memory is for the machine that ships. */
export const BUILD_VM_MEMORY = 2048;

const GIB = 1024 ** 3;
/** A cold build of two formats leaves 5 GiB in the cache and needs as much again while it works. */
const CACHE_BYTES = 10 * GIB;
const OUT_BYTES = 2 * GIB;
/** QEMU's own needs and the builder's, beside the VM's memory. */
const MEMORY_BESIDE = GIB;

/** Every need of a build, and how the host stands. */
export async function hostFacts(needs: HostNeeds): Promise<HostFact[]> {
  const list = (await hostPackages()).filter(({ when }) => needs.when.includes(when));
  const versions: Readonly<Record<string, string>> = await toolVersions(needs.signal);
  const packages = await Promise.all(list.map((one) => packageFact(one, versions)));
  const [cacheFree, outFree, memory] = await Promise.all([
    freeBytes(needs.cache),
    freeBytes(needs.out),
    availableMemory(),
  ]);
  const vm = needs.vmMemory * 1024 ** 2;
  return [
    ...packages,
    roomFact(
      `disk for the cache (${needs.cache})`,
      cacheFree,
      CACHE_BYTES,
      "./postern clean --all, or --cache FOLDER",
    ),
    roomFact(`disk for the images (${needs.out})`, outFree, OUT_BYTES, "free space, or --out FOLDER"),
    roomFact("memory", memory, vm + MEMORY_BESIDE, "free memory, or a smaller vm.memory in the recipe"),
  ];
}

async function packageFact(one: HostPackage, versions: Readonly<Record<string, string>>): Promise<HostFact> {
  const what = `${one.probe} (${one.purpose})`;
  const mend = installCommand([one.name]);
  const path = await findProbe(one.probe);
  if (path === undefined) {
    return {
      what,
      found: "absent",
      problem: `${one.probe} is missing (${one.purpose})`,
      mend,
      package: one,
    };
  }
  const version = versions[one.probe];
  if (one.minimum === undefined || version === undefined)
    return { what, found: version ?? path, package: one };
  if (isAtLeast(version, one.minimum))
    return { what, found: `${version} (at least ${one.minimum})`, package: one };
  const problem = `${one.probe} is ${version}, and ${one.minimum} is the least that works`;
  return { what, found: version, problem, mend: `a newer ${one.name}: ${mend}`, package: one };
}

function roomFact(what: string, free: number, least: number, mend: string): HostFact {
  const found = `${bytesText(free)} free (at least ${bytesText(least)})`;
  if (free >= least) return { what, found, room: true };
  const problem = `${what}: ${bytesText(free)} free, ${bytesText(least)} needed`;
  return { what, found, problem, mend, room: true };
}

/** One error for everything that the host lacks, or undefined. */
export function lackError(facts: readonly HostFact[]): PosternError | undefined {
  const lacks = facts.filter(({ problem }) => problem !== undefined);
  if (lacks.length === 0) return undefined;
  const names = [
    ...new Set(lacks.flatMap((fact) => (fact.package === undefined ? [] : [fact.package.name]))),
  ];
  const others = lacks.flatMap(({ mend, room }) => (room && mend !== undefined ? [mend] : []));
  const hints = [...(names.length > 0 ? [installCommand(names)] : []), ...others];
  return new PosternError({
    code: "host.lacks",
    message: `this host lacks ${lacks.length === 1 ? "something" : `${lacks.length} things`} that a build needs\n${lacks.map(({ problem }) => `  ${problem}`).join("\n")}`,
    hint: hints.join("; "),
  });
}
