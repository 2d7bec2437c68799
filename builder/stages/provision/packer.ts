import { fileURLToPath } from "node:url";
import { PosternError } from "../../error.ts";
import { run } from "../../host/run.ts";

const FOLDER = fileURLToPath(new URL("../../../packer/", import.meta.url));

/** Variables of `packer/postern.pkr.hcl`; paths are absolute. */
export interface PackerVariables {
  disk: string;
  seed: string;
  export: string;
  output: string;
  answers: string;
  cloud_status: string;
  serial_log: string;
  key: string;
  user: string;
  seed_mount: string;
  accelerator: string;
  cpu: string;
  cpus: number;
  /** MiB */
  memory: number;
  epoch: number;
}

/** `1.6.6` of `Packer v1.6.6`. @throws PosternError `host.packer`. */
export async function packerVersion(signal: AbortSignal): Promise<string> {
  const { stdout } = await run("packer", ["version"], {
    signal,
    env: PACKER_ENV,
    code: "host.packer",
    hint: "Install it: apt-get install packer, or HashiCorp's own package.",
  });
  const version = /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (version !== undefined) return version;
  throw new PosternError({
    code: "host.packer",
    message: `packer does not say its version: ${stdout.slice(0, 80)}`,
    hint: "Install it: apt-get install packer, or HashiCorp's own package.",
  });
}

/** No call home, whatever the version. */
export const PACKER_ENV = { CHECKPOINT_DISABLE: "1" } as const;

/**
 * What Packer is given to build: 1.6 knows no `required_plugins` and gets the template alone, newer ones
 * get the folder, where plugins.pkr.hcl names the QEMU plugin.
 */
export function packerTarget(version: string): string {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 1 || minor >= 7 ? FOLDER : `${FOLDER}postern.pkr.hcl`;
}

/** A file that changed while it was read is a log, and leaves at the sealing. */
const NOTED =
  /^(Starting VM|Connected to SSH|Waiting for SSH|Gracefully halting|check \S+ took|\d+ of \d+ checks|tar: (?!.*file changed)|Error)/;

/** The lines of Packer and of what runs in its VM that say something new; its bookkeeping is left out. */
export function packerNote(line: string): string | undefined {
  const text = /^\S+: (?:==> |\s+)qemu\.appliance: (?<text>.*)$/.exec(line)?.groups?.text?.trim();
  return text !== undefined && NOTED.test(text) ? text : undefined;
}
