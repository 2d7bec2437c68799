import { run } from "./run.ts";

/** How each tool that decides bytes tells its version. */
const ASK = {
  mmdebstrap: ["--version"],
  mke2fs: ["-V"],
  packer: ["version"],
  "qemu-img": ["--version"],
  "qemu-system-x86_64": ["--version"],
  strip: ["--version"],
} as const satisfies Record<string, readonly string[]>;

export type Tool = keyof typeof ASK;

/** The first dotted number that each tool says, `absent` where it is not on the host. */
export async function toolVersions(signal: AbortSignal): Promise<Record<Tool, string>> {
  const [mmdebstrap, mke2fs, packer, img, system, strip] = await Promise.all([
    versionOf("mmdebstrap", signal),
    versionOf("mke2fs", signal),
    versionOf("packer", signal),
    versionOf("qemu-img", signal),
    versionOf("qemu-system-x86_64", signal),
    versionOf("strip", signal),
  ]);
  return { mmdebstrap, mke2fs, packer, "qemu-img": img, "qemu-system-x86_64": system, strip };
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
