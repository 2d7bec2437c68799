import { PosternError } from "../../error.ts";
import { run } from "../../host/run.ts";
import { check } from "../check.ts";
import { type ContainerReading, containerReading } from "../format.ts";

export interface Qcow2Reading extends ContainerReading {
  /** Bytes of the disk inside; 0 when it could not be read. */
  diskSize: number;
}

/** Checks a qcow2 by `qemu-img check` and `info`: the one container whose reader is not our own. */
export async function readQcow2(path: string, signal?: AbortSignal): Promise<Qcow2Reading> {
  const options = signal === undefined ? {} : { signal };
  const tables = "qcow2: header and tables (qemu-img check)";
  let text: string;
  try {
    await run("qemu-img", ["check", "-q", "-f", "qcow2", path], options);
    text = (await run("qemu-img", ["info", "--output=json", "-f", "qcow2", path], options)).stdout;
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return { ...containerReading([check(tables, [error.message])]), diskSize: 0 };
  }
  const info: unknown = JSON.parse(text);
  const problems: string[] = [];
  if (hasKey(info, "backing-filename")) problems.push("it needs a backing file");
  if (hasKey(info, "snapshots")) problems.push("it holds snapshots");
  if (hasKey(info, "encrypted")) problems.push("it is encrypted");
  const diskSize = hasKey(info, "virtual-size") ? Number(info["virtual-size"]) : 0;
  return { ...containerReading([check(tables, []), check("qcow2: stands alone", problems)]), diskSize };
}

function hasKey<Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> {
  return typeof value === "object" && value !== null && key in value;
}
