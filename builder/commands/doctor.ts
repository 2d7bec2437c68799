import { detectAccelerator } from "../host/accelerator.ts";
import { BUILD_VM_MEMORY, type HostFact, hostFacts } from "../host/lacks.ts";
import { tableText } from "../host/text.ts";
import type { Call, Command } from "./command.ts";
import { hasFlag } from "./flags.ts";
import { CACHE_FLAG, cacheOfCall, JSON_FLAG, OUT_FLAG, outOfCall } from "./options.ts";

/** Says how the host stands, and how each lack is mended. */
export const doctorCommand: Command = {
  flags: [CACHE_FLAG, OUT_FLAG, JSON_FLAG],
  run: doctor,
};

/** As for every lack of the host; docs/errors.md. */
const EXIT_LACKS = 3;

async function doctor(call: Call): Promise<number> {
  const { world, signal } = call;
  const facts = await hostFacts({
    when: ["build", "test"],
    cache: cacheOfCall(call).root,
    out: outOfCall(call),
    vmMemory: BUILD_VM_MEMORY,
    signal,
  });
  const all = [nodeFact(), ...facts, await acceleratorFact()];
  if (hasFlag(call.flags, "--json")) world.stdout.write(`${JSON.stringify(all.map(forPrograms), null, 2)}\n`);
  else world.stdout.write(doctorText(all));
  // A host that can build but not test is fine for a build.
  return all.some(({ problem, package: one }) => problem !== undefined && one?.when !== "test")
    ? EXIT_LACKS
    : 0;
}

function nodeFact(): HostFact {
  return { what: "node (runs the builder; pinned by package-lock.json)", found: process.versions.node };
}

/** No KVM is no lack: the build VM is emulated then. */
async function acceleratorFact(): Promise<HostFact> {
  const { name, why } = await detectAccelerator();
  const mend = "switch on virtualisation in the firmware or the hypervisor, and join the group kvm";
  return {
    what: "accelerator of the build VM",
    found: name === "kvm" ? `kvm: ${why}` : `emulation (slower, works): ${why}`,
    ...(name === "kvm" ? {} : { mend }),
  };
}

export function doctorText(facts: readonly HostFact[]): string {
  const rows = facts.flatMap(({ what, found, problem, mend }) => [
    [problem === undefined ? "ok" : "LACK", what, found],
    ...(mend === undefined ? [] : [["", "", `mend: ${mend}`]]),
  ]);
  const lacks = facts.filter(({ problem }) => problem !== undefined).length;
  const end =
    lacks === 0 ? "this host can build and test" : `${lacks} lack${lacks === 1 ? "" : "s"}: see mend above`;
  return `${tableText(rows)}\n${end}\n`;
}

function forPrograms({ what, found, problem, mend, package: one }: HostFact) {
  return { what, found, ok: problem === undefined, problem, mend, package: one?.name, for: one?.when };
}
