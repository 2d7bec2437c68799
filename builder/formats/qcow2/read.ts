import { PosternError } from "../../error.ts";
import { run } from "../../host/run.ts";

export interface Qcow2Reading {
  /** Bytes of the disk inside; 0 when it could not be read. */
  size: number;
  problems: string[];
}

/** Checks a qcow2 by `qemu-img check` and `info`: the one container whose reader is not our own. */
export async function readQcow2(path: string, signal?: AbortSignal): Promise<Qcow2Reading> {
  const options = signal === undefined ? {} : { signal };
  try {
    await run("qemu-img", ["check", "-q", "-f", "qcow2", path], options);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return { size: 0, problems: [error.message] };
  }
  const { stdout } = await run("qemu-img", ["info", "--output=json", "-f", "qcow2", path], options);
  const info: unknown = JSON.parse(stdout);
  const problems: string[] = [];
  if (hasKey(info, "backing-filename")) problems.push("it needs a backing file");
  if (hasKey(info, "snapshots")) problems.push("it holds snapshots");
  if (hasKey(info, "encrypted")) problems.push("it is encrypted");
  const size = hasKey(info, "virtual-size") ? Number(info["virtual-size"]) : 0;
  return { size, problems };
}

function hasKey<Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> {
  return typeof value === "object" && value !== null && key in value;
}
