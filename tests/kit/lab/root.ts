import { chown, lstat, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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
 * the unit, and puts `files` in.
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
  await furnish(path, account);
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

async function furnish(root: string, { uid, gid }: Account): Promise<void> {
  const at = (name: string): string => join(root, name);
  for (const [name, mode] of [
    ["dev", "0755"],
    ["run", "0755"],
    ["tmp", "1777"],
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
  for (const name of ["run/squid", "var/log/squid", "var/spool/squid"]) {
    await rm(at(name), { recursive: true, force: true });
    await mkdir(at(name), { recursive: true, mode: 0o750 });
    await chown(at(name), uid, gid);
  }
  // A link to systemd-resolved's file in the image; the answer is the same, from the lab's DNS.
  const resolv = at("etc/resolv.conf");
  if (await lstat(resolv).catch(() => undefined)) await rm(resolv);
  await writeFile(resolv, `nameserver ${RESOLVER}\n`);
}

function accountIn(passwd: string): Account {
  const found = /^proxy:[^:]*:(\d+):(\d+):/m.exec(passwd);
  if (found === null) throw new Error("the root file system has no account named proxy");
  return { uid: Number(found[1]), gid: Number(found[2]) };
}
