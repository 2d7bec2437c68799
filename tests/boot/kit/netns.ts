import { writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { PosternError } from "../../../builder/error.ts";
import { run } from "../../../builder/host/run.ts";
import { DNS_ADDRESS, WORLD_ADDRESSES } from "./addresses.ts";

/** The room a boot test lives in: no card but `lo`, so that nothing it does can reach a network. */

/**
 * The `unshare` arguments before the command: own network, own mounts (for /etc/resolv.conf), and own
 * processes, so that every QEMU dies with the run whatever happens.
 */
export function unshareArguments(isRoot: boolean): string[] {
  const user = isRoot ? [] : ["--user", "--map-root-user"];
  return [...user, "--net", "--mount", "--pid", "--fork", "--kill-child"];
}

/**
 * Gives `lo` the world's addresses and makes our DNS server the host's, which QEMU's forwarder asks.
 * `folder` takes the file that stands in for /etc/resolv.conf.
 */
export async function furnishNamespace(folder: string): Promise<void> {
  assertInside();
  await run("ip", ["link", "set", "lo", "up"]);
  for (const address of WORLD_ADDRESSES) await run("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
  const file = join(folder, "resolv.conf");
  await writeFile(file, `nameserver ${DNS_ADDRESS}\n`);
  await run("mount", ["--bind", file, "/etc/resolv.conf"]);
}

/** @throws PosternError when this process has any card but `lo`: then it is not in a namespace of its own. */
export function assertInside(): void {
  const others = Object.keys(networkInterfaces()).filter((name) => name !== "lo");
  if (others.length === 0) return;
  throw new PosternError({
    code: "host.namespace",
    message: `Boot tests run in a network namespace of their own; this one has ${others.join(", ")}`,
    hint: "./postern test",
  });
}
