import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { run } from "../../../../builder/host/run.ts";
import { TOOL_ENV } from "../tools.ts";
import type { Outcome, Try } from "./tries.ts";

/** A machine with the image's firewall in namespaces of its own, and a world that answers at every address. */
export interface Room {
  /** Runs a command on that machine, and gives back what it says. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** Lays a file of rules; the kernel is told by `run`. */
  lay(name: string, text: string): Promise<string>;
  /** What becomes of packets of an account. */
  attempt(uid: number, tries: readonly Try[]): Promise<Outcome[]>;
}

/** What the tests of it need. */
export const ROOM_TOOLS = ["unshare", "nsenter", "setpriv", "ip", "iptables", "ufw", "ping"];

const FURNISH = fileURLToPath(new URL("furnish.ts", import.meta.url));
const PROBE = fileURLToPath(new URL("probe.ts", import.meta.url));

/** Makes the room; it goes with the test. ufw is not on yet. */
export async function openRoom(t: ExecutionContext): Promise<Room> {
  const host = spawn("unshare", ["--net", "--mount", process.execPath, FURNISH], {
    stdio: ["pipe", "pipe", "inherit"],
    env: TOOL_ENV,
  });
  const ended = once(host, "exit");
  t.teardown(async () => {
    host.stdin.end();
    await ended;
  });
  const said = await Promise.race([once(host.stdout, "data"), ended]);
  if (String(said[0]) !== "ready\n") throw new Error(`the room could not be made: ${said[0]}`);
  const inside = ["--target", String(host.pid), "--net", "--mount", "--"];
  const enter = async (command: readonly string[], input = ""): Promise<string> =>
    (await run("nsenter", [...inside, ...command], { input, env: { PATH: TOOL_ENV.PATH } })).stdout;
  return {
    run: (command, ...args) => enter([command, ...args]),
    async lay(name, text) {
      const path = join("/etc/ufw", name);
      await enter(["tee", path], text);
      return path;
    },
    async attempt(uid, tries) {
      const as = ["setpriv", `--reuid=${uid}`, "--regid=65534", "--clear-groups"];
      return JSON.parse(await enter([...as, process.execPath, PROBE], JSON.stringify(tries)));
    },
  };
}
