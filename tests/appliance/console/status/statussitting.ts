import type { ExecutionContext } from "ava";
import { apply } from "../../../../appliance/apply/apply.ts";
import type { Parts } from "../../../../appliance/check/parts.ts";
import { type StatusKey, showStatus } from "../../../../appliance/console/status/statusscreen.ts";
import { openTerminal, type Terminal } from "../../../../appliance/console/terminal/terminal.ts";
import { lay, type Machine, makeMachine } from "../../kit/machine.ts";
import { requestOf } from "../../kit/request.ts";
import { tempFolder } from "../../kit/temp.ts";
import { Person } from "../../kit/terminal.ts";
import { SMALLEST } from "../../settings/fixtures.ts";
import { logLine } from "../../traffic/log.ts";

export const RELEASE = { version: "1.0.0", base: "debian-13" };
const LISTENING = "head\n   0: 00000000:0C38 00000000:0000 0A\n";
// Every sitting is a process of its own on a real machine; here they share one.
process.setMaxListeners(64);

export const PARTS: Parts = {
  testServices: async () => async () => [
    { id: "mde", state: "ok", detail: "all 8 tests passed" },
    { id: "mdi contoso", state: "fail", detail: "no answer", next: "Is the workspace right?" },
  ],
  clientPages: async () => [
    {
      title: "Group Policy",
      lines: Array.from({ length: 60 }, (_, index) => `policy line ${index}`),
    },
    {
      title: "Linux",
      lines: ["mdatp config proxy set --value http://10.0.2.15:3128"],
    },
  ],
};

export interface Sitting {
  machine: Machine;
  person: Person;
  terminal: Terminal;
  log: string;
  ended: Promise<StatusKey>;
}

/** A machine with settings in force, on which Squid listens. */
export async function configured(t: ExecutionContext): Promise<Machine> {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("", {});
  await apply(machine, requestOf(SMALLEST), () => {});
  lay(machine.paths.root, "/proc/net/tcp", LISTENING);
  return machine;
}

/** A person at the status screen of a configured machine. */
export async function sit(
  t: ExecutionContext,
  {
    isPlain = false,
    isConsole = true,
    columns = 80,
    rows = 24,
    machine = undefined as Machine | undefined,
  } = {},
): Promise<Sitting> {
  const host = machine ?? (await configured(t));
  const log = host.paths.accessLog;
  lay(
    host.paths.root,
    "/var/log/squid/access.log",
    logLine(Date.now(), { isRefused: true, url: "one.example:443" }),
  );
  const person = new Person(columns, rows);
  const { input, output } = person;
  const terminal = openTerminal({ input, output, isPlain, onInterrupt: () => {} });
  Object.assign(terminal.output, { columns, rows });
  const ended = showStatus({ system: host, release: RELEASE, terminal, isConsole, parts: PARTS });
  t.teardown(() => {
    input.end();
    terminal.close();
  });
  return { machine: host, person, terminal, log, ended };
}
