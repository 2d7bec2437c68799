import { chown, mkdir, readFile, readlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { run } from "../../../builder/host/run.ts";
import { RESOLVER } from "./addresses.ts";

const DEVICES = ["null", "zero", "full", "random", "urandom"];

/** Squid's account in a root file system. */
export interface Account {
  uid: number;
  gid: number;
}

/** A root file system for one Squid: what is below stays as it is, and what is written goes with the lab. */
export interface LabRoot {
  path: string;
  account: Account;
  release(): Promise<void>;
}

/**
 * Lays a writable layer in memory over `below`, with devices, /proc and the folders that systemd would make for
 * the unit, and puts `files` in. Nothing of `below` is removed: an ordinary user's overlay could not note that.
 */
export async function makeRoot(
  below: string,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<LabRoot> {
  const layer = join(folder, "layer");
  const path = join(folder, "root");
  for (const one of [layer, path]) await mkdir(one, { recursive: true });
  await run("mount", ["-t", "tmpfs", "-o", "mode=0755", "none", layer]);
  for (const one of ["upper", "work"]) await mkdir(join(layer, one));
  const layers = `lowerdir=${below},upperdir=${join(layer, "upper")},workdir=${join(layer, "work")}`;
  await run("mount", ["-t", "overlay", "-o", layers, "none", path]);
  const account = accountIn(await readFile(join(path, "etc/passwd"), "utf8"));
  await furnish(path, folder, account);
  for (const [name, text] of Object.entries(files)) {
    const file = join(path, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o644 });
  }
  return {
    path,
    account,
    async release() {
      for (const mount of [path, layer]) await run("umount", ["--recursive", "--lazy", mount]);
    },
  };
}

async function furnish(root: string, folder: string, { uid, gid }: Account): Promise<void> {
  const at = (name: string): string => join(root, name);
  for (const [name, mode] of [
    ["dev", "0755"],
    ["run", "0755"],
    ["tmp", "1777"],
    ["var/spool", "0755"],
  ] as const) {
    await mkdir(at(name), { recursive: true });
    await run("mount", ["-t", "tmpfs", "-o", `mode=${mode}`, "none", at(name)]);
  }
  for (const device of DEVICES) {
    await writeFile(at(`dev/${device}`), "");
    await run("mount", ["--bind", `/dev/${device}`, at(`dev/${device}`)]);
  }
  await mkdir(at("dev/shm"), { mode: 0o1777 });
  await run("mount", ["-t", "tmpfs", "-o", "mode=1777", "none", at("dev/shm")]);
  await mkdir(at("proc"), { recursive: true });
  await run("mount", ["-t", "proc", "none", at("proc")]);
  // On the disk: the log of a long run is no matter of memory.
  const logs = join(folder, "log");
  for (const one of [logs, at("var/log/squid")]) await mkdir(one, { recursive: true });
  await run("mount", ["--bind", logs, at("var/log/squid")]);
  for (const name of ["run/squid", "var/spool/squid", "var/log/squid"]) {
    await mkdir(at(name), { recursive: true });
    await chown(at(name), uid, gid);
  }
  // In the image a link to the file of systemd-resolved; it says the same.
  const resolv = at("etc/resolv.conf");
  const link = await readlink(resolv).catch(() => undefined);
  const file = link === undefined ? resolv : join(root, resolve("/etc", link));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `nameserver ${RESOLVER}\n`);
}

function accountIn(passwd: string): Account {
  const found = /^proxy:[^:]*:(\d+):(\d+):/m.exec(passwd);
  if (found === null) throw new Error("the root file system has no account named proxy");
  return { uid: Number(found[1]), gid: Number(found[2]) };
}
