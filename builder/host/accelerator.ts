import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";

/**
 * Everything that QEMU can emulate but page tables of five levels: a kernel uses them where it finds them, and each
 * walk through them is emulated, too. Without them a start takes a tenth less of the host's processor time.
 */
export const EMULATED_CPU = "max,la57=off";

/** How QEMU runs the build VM, and why. */
export interface Accelerator {
  name: "kvm" | "tcg";
  /** QEMU's CPU model. */
  cpu: "host" | typeof EMULATED_CPU;
  why: string;
}

/**
 * Takes KVM only where the processor says that it virtualises, too. On some nested hosts /dev/kvm is there
 * without vmx or svm: firmware runs under it, and a stock kernel hangs for ever.
 */
export async function detectAccelerator(
  device = "/dev/kvm",
  cpuinfo = "/proc/cpuinfo",
): Promise<Accelerator> {
  const usable = await access(device, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!usable) return emulated(`${device} cannot be used`);
  const text = await readFile(cpuinfo, "utf8");
  if (!/^flags\s*:.*\b(vmx|svm)\b/m.test(text)) return emulated("the processor shows neither vmx nor svm");
  return { name: "kvm", cpu: "host", why: `${device} and the processor's flags` };
}

function emulated(why: string): Accelerator {
  return { name: "tcg", cpu: EMULATED_CPU, why };
}
