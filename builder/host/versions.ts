import { run } from "./run.ts";

/** How each tool that decides bytes tells its version. */
const ASK = {
  mmdebstrap: ["--version"],
  mke2fs: ["-V"],
  mksquashfs: ["-version"],
  packer: ["version"],
  "qemu-img": ["--version"],
  "qemu-system-x86_64": ["--version"],
  strip: ["--version"],
  xorriso: ["-version"],
} as const satisfies Record<string, readonly string[]>;

export type Tool = keyof typeof ASK;

/** The first dotted number that each tool says, `absent` where it is not on the host. */
export async function toolVersions(signal: AbortSignal): Promise<Record<Tool, string>> {
  const [mmdebstrap, mke2fs, mksquashfs, packer, img, system, strip, xorriso] = await Promise.all([
    versionOf("mmdebstrap", signal),
    versionOf("mke2fs", signal),
    versionOf("mksquashfs", signal),
    versionOf("packer", signal),
    versionOf("qemu-img", signal),
    versionOf("qemu-system-x86_64", signal),
    versionOf("strip", signal),
    versionOf("xorriso", signal),
  ]);
  return {
    ...{ mmdebstrap, mke2fs, mksquashfs, packer, strip, xorriso },
    "qemu-img": img,
    "qemu-system-x86_64": system,
  };
}

async function versionOf(tool: Tool, signal: AbortSignal): Promise<string> {
  try {
    const { stdout, stderr } = await run(tool, ASK[tool], { signal, env: { CHECKPOINT_DISABLE: "1" } });
    return /\d+(\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? "unknown";
  } catch {
    signal.throwIfAborted();
    return "absent";
  }
}
