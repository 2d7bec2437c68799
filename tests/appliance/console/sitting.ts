import { readFileSync } from "node:fs";
import type { ExecutionContext } from "ava";
import { runConsole } from "../../../appliance/console/console.ts";
import type { ConsoleOptions } from "../../../appliance/console/options.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import type { Settings } from "../../../appliance/settings/settings.ts";
import { type FakeCard, lay, type Machine, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { KEYS, Person } from "../kit/terminal.ts";
import { ED25519, SMALLEST } from "../settings/fixtures.ts";

const { enter } = KEYS;
const RELEASE = { version: "1.0.0", base: "debian-13" };
export const PASSWORD = "correct horse battery";
// Every sitting is a process of its own on a real machine; here they share one.
process.setMaxListeners(64);

/** A person before a console. */
export interface Sitting {
  machine: Machine;
  person: Person;
  ended: Promise<number>;
}

export class LoggedIn extends Error {}

export interface SittingOptions {
  isPlain?: boolean;
  /** null: a session. */
  line?: string | null;
  machine?: Machine;
  columns?: number;
  rows?: number;
  more?: Partial<Pick<ConsoleOptions, "leaseWait" | "confirmWithin">>;
}

export function sit(t: ExecutionContext, options: SittingOptions = {}): Sitting {
  const { isPlain = false, line = "ttyS0", machine = makeMachine(tempFolder(t)), more = {} } = options;
  // Nothing but the console is tried here: every program says yes at once, but the one that hashes.
  for (const command of ["squid", "netplan", "iptables-restore", "ip6tables-restore", "ssh-keygen"])
    machine.answers.set(command, {});
  const person = new Person(options.columns, options.rows);
  const login = (): never => {
    throw new LoggedIn();
  };
  const ended = runConsole({
    system: machine,
    release: RELEASE,
    input: person.input,
    output: person.output,
    isPlain,
    line: line ?? undefined,
    patience: 100,
    ...more,
    login,
  });
  t.teardown(() => person.input.end());
  ended.catch(() => {});
  return { machine, person, ended };
}

/** A machine that was configured before. */
export function configured(t: ExecutionContext, text = SMALLEST, cards?: readonly FakeCard[]): Machine {
  const machine = makeMachine(tempFolder(t), cards);
  lay(machine.paths.root, "/etc/postern/settings.yaml", text);
  lay(machine.paths.root, "/var/lib/postern/confirmed.yaml", text);
  return machine;
}

export function settingsOf({ paths }: Machine): Settings {
  return parseSettings(readFileSync(paths.settings, "utf8"), "settings.yaml");
}

/** A question, and the keys that answer it. */
export type Script = readonly (readonly [question: string, keys: string])[];

/** Answers each question as it appears. */
export async function answer(person: Person, script: Script): Promise<void> {
  for (const [question, keys] of script) {
    await person.see(question);
    person.type(keys);
  }
}

/** The shortest way through a first boot on a serial line, as docs/console.md has it. */
export const SHORTEST: Script = [
  ["Network: how does this machine get its address?", enter],
  ["Clients: which networks may use the proxy?", "3"],
  ["Clients: a network", `10.20.0.0/16 servers${enter}`],
  ["Clients: another network, or Enter to go on", enter],
  ["Administrator: password", `${PASSWORD}${enter}`],
  ["Administrator: password again", `${PASSWORD}${enter}`],
  ["Administrator: SSH public key", `${ED25519}${enter}`],
  ["Administrator: another SSH key, or Enter to go on", enter],
  ["Administrator: which networks may use SSH?", enter],
  ["Defender: which cloud?", enter],
  ["Defender: which services?", enter],
  ["Defender: where is the tenant's data?", enter],
  ["Defender: which connectivity?", enter],
  ["Defender: Identity workspace names", enter],
  ["Time: which time servers?", enter],
];

/** The part of it from one question on. */
export function from(question: string): Script {
  return SHORTEST.slice(SHORTEST.findIndex(([text]) => text.startsWith(question)));
}

/** The part of it up to a question, which is not answered. */
export function until(question: string): Script {
  return SHORTEST.slice(
    0,
    SHORTEST.findIndex(([text]) => text.startsWith(question)),
  );
}
