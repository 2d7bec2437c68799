import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { run } from "../../../../builder/host/run.ts";
import { PASSWD } from "../facts.ts";
import { LINK } from "./tries.ts";

/*
 * Runs in network and mount namespaces of its own: a machine with the firewall overlay's files, a card, and a cable
 * to the world. Says `ready`, and lives until its standard input ends; the world goes with it.
 */

const OVERLAY = fileURLToPath(new URL("../../../../overlays/firewall", import.meta.url));
const WORLD = fileURLToPath(new URL("world.ts", import.meta.url));
/** The overlay over ufw's own files, as the image gets it, where nobody outside sees it. */
async function layOverlay(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "postern-room-"));
  await run("mount", ["-t", "tmpfs", "none", folder]);
  for (const path of ["/etc/ufw", "/etc/default"]) {
    await mkdir(join(folder, path), { recursive: true });
    await cp(path, join(folder, path), { recursive: true });
    await cp(join(OVERLAY, "files", path), join(folder, path), { recursive: true });
    await run("mount", ["--bind", join(folder, path), path]);
  }
  // Its own rules say by name whose packets they are about.
  await writeFile(join(folder, "passwd"), PASSWD);
  await run("mount", ["--bind", join(folder, "passwd"), "/etc/passwd"]);
  const overlay: { run: string[][] } = parse(await readFile(join(OVERLAY, "overlay.yaml"), "utf8"));
  for (const [command = "", ...args] of overlay.run) await run(command, args);
}

async function plugIn(): Promise<void> {
  const world = spawn("unshare", ["--net", process.execPath, WORLD], { stdio: ["pipe", "pipe", "inherit"] });
  await run("ip", ["link", "set", "lo", "up"]);
  const ends = ["link", "add", LINK.machine, "type", "veth", "peer", "name", LINK.world];
  await run("ip", ends);
  await once(world.stdout, "data");
  await run("ip", ["link", "set", LINK.world, "netns", String(world.pid)]);
  world.stdin.write("go\n");
  await once(world.stdout, "data");
  await run("ip", ["link", "set", LINK.machine, "up"]);
  for (const [family, own, router] of [
    ["-4", LINK.machine4, LINK.router4],
    ["-6", LINK.machine6, LINK.router6],
  ] as const) {
    const nodad = family === "-6" ? ["nodad"] : [];
    await run("ip", [family, "address", "add", own, "dev", LINK.machine, ...nodad]);
    await run("ip", [family, "route", "add", "default", "via", router.replace(/\/.*/, "")]);
  }
  // As systemd has it: every account may ask for an echo, and networkd may bind to a low port.
  await run("sysctl", ["-q", "-w", "net.ipv4.ip_unprivileged_port_start=0"]);
  await run("sysctl", ["-q", "-w", "net.ipv4.ping_group_range=0 2147483647"]);
}

await layOverlay();
await plugIn();
process.stdout.write("ready\n");
process.stdin.on("end", () => process.exit(0)).resume();
