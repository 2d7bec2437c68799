import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { detectAccelerator, EMULATED_CPU } from "../../../builder/host/accelerator.ts";

const hosts: [name: string, device: boolean, flags: string, accelerator: "kvm" | "tcg"][] = [
  ["a device and vmx", true, "fpu vme vmx sse", "kvm"],
  ["a device and svm", true, "fpu svm", "kvm"],
  // A stock kernel hangs for ever there.
  ["a device without the flag", true, "fpu vme sse", "tcg"],
  ["a flag that only looks like one", true, "fpu vmxnot", "tcg"],
  ["no device", false, "fpu vmx", "tcg"],
];

for (const [name, device, flags, accelerator] of hosts) {
  test(`${name}: ${accelerator}`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "postern-kvm-"));
    t.teardown(() => rm(folder, { recursive: true }));
    const [kvm, cpuinfo] = [join(folder, "kvm"), join(folder, "cpuinfo")];
    if (device) {
      await writeFile(kvm, "");
      await chmod(kvm, 0o600);
    }
    await writeFile(cpuinfo, `processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t: none\n`);

    const found = await detectAccelerator(kvm, cpuinfo);

    t.is(found.name, accelerator);
    t.is(found.cpu, accelerator === "kvm" ? "host" : EMULATED_CPU);
  });
}
