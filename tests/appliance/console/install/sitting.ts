import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { runInstallConsole } from "../../../../appliance/console/install/console.ts";
import type { Disk } from "../../../../appliance/install/inventory/disk.ts";
import type { InstallState } from "../../../../appliance/install/state.ts";
import { lsblkJson } from "../../install/disks.ts";
import { lay, type Machine, makeMachine } from "../../kit/machine.ts";
import { tempFolder } from "../../kit/temp.ts";
import { Person } from "../../kit/terminal.ts";

const LIVE = "/run/postern/live";
const RELEASE = { version: "1.0.0", base: "debian-13" };
process.setMaxListeners(64);

export class Shell extends Error {}

export interface Sitting {
  machine: Machine;
  person: Person;
  ended: Promise<number>;
}

export interface SittingOptions {
  machine: Machine;
  isPlain?: boolean;
  line?: string;
  columns?: number;
  rows?: number;
  countdown?: number;
}

/** A server that was started from the medium. */
export function liveMachine(
  t: ExecutionContext,
  disks: readonly Disk[],
  { mode = "install" as "install" | "rescue", files = {} as Readonly<Record<string, string>> } = {},
): Machine {
  const machine = makeMachine(tempFolder(t));
  const { root } = machine.paths;
  lay(root, `${LIVE}/medium.json`, JSON.stringify({ device: "/dev/sr0", version: "1.0.0", mode }));
  for (const [name, text] of Object.entries(files)) lay(root, `${LIVE}/${name}`, text);
  lay(root, "/sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
  lay(root, "/sys/class/dmi/id/product_name", "PowerEdge R650\n");
  mkdirSync(join(root, "/sys/firmware/efi"), { recursive: true });
  setDisks(machine, disks);
  machine.answers.set("wipefs --no-act", { stdout: "" });
  return machine;
}

export function setDisks(machine: Machine, disks: readonly Disk[]): void {
  machine.answers.set("lsblk --json --bytes --tree", { stdout: lsblkJson(...disks) });
}

export function sit(t: ExecutionContext, options: SittingOptions): Sitting {
  const { machine, isPlain = false, line = "ttyS0", columns, rows, countdown = 100 } = options;
  const person = new Person(columns, rows);
  const ended = runInstallConsole({
    system: machine,
    release: RELEASE,
    input: person.input,
    output: person.output,
    isPlain,
    line,
    countdown,
    late: 0,
    shell: () => {
      throw new Shell();
    },
  });
  t.teardown(() => person.input.end());
  ended.catch(() => {});
  return { machine, person, ended };
}

/** What another console writes while it installs. */
export function tellState({ paths }: Machine, state: Partial<InstallState>): void {
  const whole: InstallState = {
    phase: "working",
    pid: process.ppid,
    disk: "/dev/sda  480 GB  DELL PERC H755",
    afterwards: "ask",
    step: "copy",
    done: 0,
    total: 0,
    started: Date.now() - 60_000,
    stepStarted: Date.now() - 30_000,
    notes: [],
    ...state,
  };
  writeFileSync(join(paths.live, "install.json"), JSON.stringify(whole));
}

/** Programs that were run to change something. */
export function changes({ ran }: Machine): string[] {
  return ran.filter((line) => !/^(lsblk|udevadm|wipefs --no-act|mount|umount|perl)\b/.test(line));
}

/** Milliseconds that a text may take to appear. */
const PATIENCE = 60_000;

/** Waits until these words are on the screen, wherever its lines break. */
export async function says(person: Person, words: string): Promise<void> {
  const flat = (text: string): string => text.replaceAll(/\s+/g, " ");
  const end = Date.now() + PATIENCE;
  while (!flat(person.screen.text).includes(flat(words))) {
    if (Date.now() > end) throw new Error(`waited for "${words}"; the screen shows:\n${person.screen.text}`);
    await person.calm(50);
  }
}

/** Waits until a program was run. */
export async function runs({ ran }: Machine, line: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!ran.includes(line)) {
    if (Date.now() > end) throw new Error(`waited for ${line}; there were:\n${ran.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
