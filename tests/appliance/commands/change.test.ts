import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import test, { type ExecutionContext } from "ava";
import { apply } from "../../../appliance/apply/apply.ts";
import { confirm, pending } from "../../../appliance/apply/confirm.ts";
import { change } from "../../../appliance/commands/change.ts";
import type { Arguments, RunCommand } from "../../../appliance/commands/command.ts";
import { run as diffCommand } from "../../../appliance/commands/diff.ts";
import { run as historyCommand } from "../../../appliance/commands/history.ts";
import type { Terminal } from "../../../appliance/commands/keep.ts";
import { run as rollbackCommand } from "../../../appliance/commands/rollback.ts";
import { type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";
import { YESCRYPT } from "../settings/fixtures.ts";

const OLD = `# ours\nschema: 1\nclients:\n  - cidr: 10.20.0.0/16\nadmin: { passwordHash: "${YESCRYPT}" }\n`;
const NEW = OLD.replace("10.20", "10.30");
const NONE: Arguments = { flags: new Set(), values: new Map(), rest: [] };
const RELEASE = { version: "1.0.0", base: "debian-13" };

async function configured(t: ExecutionContext): Promise<Machine> {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("", {});
  await apply(machine, requestOf(OLD), () => {});
  return machine;
}

/** A terminal where somebody types. */
function typed(): PassThrough & Terminal {
  return Object.assign(new PassThrough(), { isTTY: true });
}

/** Begins a change to the new settings, as `posternctl apply` does. */
function begin(machine: Machine, args = NONE, input: Terminal = new PassThrough()) {
  const lines: string[] = [];
  const context = { system: machine, release: RELEASE, print: (text: string) => lines.push(text) };
  const ended = change(context, requestOf(NEW), args, { patience: 0, input });
  return { lines, ended };
}

async function call(machine: Machine, run: RunCommand, args: Partial<Arguments> = {}) {
  const lines: string[] = [];
  const context = { system: machine, release: RELEASE, print: (text: string) => lines.push(text) };
  const code = await run(context, { ...NONE, ...args });
  return { code, text: lines.join("\n") };
}

function confirmed(machine: Machine): string {
  return readFileSync(machine.paths.confirmed, "utf8");
}

/** Until a line that holds a text was printed. */
async function printed(lines: readonly string[], text: string): Promise<void> {
  while (!lines.some((line) => line.includes(text))) await new Promise(setImmediate);
}

test("what changes is said first, and without a terminal it is left waiting", async (t) => {
  const machine = await configured(t);

  const { lines, ended } = begin(machine);
  await ended;

  t.is(lines[0], "What changes:\n  Clients: 10.20.0.0/16 is taken out\n  Clients: 10.30.0.0/16 is added");
  t.regex(
    lines.at(-1) ?? "",
    /^Waiting for: posternctl confirm\. In 1[012]\d s the previous settings come back/,
  );
  t.is(confirmed(machine), OLD);
  t.true(await confirm(machine));
});

for (const [answer, code, text, left] of [
  ["yes", 4, "Kept.", NEW],
  ["no", 1, "The previous settings are back.", OLD],
] as const) {
  test(`at a terminal, ${answer} is taken`, async (t) => {
    const machine = await configured(t);
    const input = typed();

    const { lines, ended } = begin(machine, NONE, input);
    await printed(lines, "Keep these settings?");
    input.write(`perhaps\n${answer}\n`);

    // 4: the fake machine has no gateway and no proxy.
    t.is(await ended, code);
    t.is(lines.at(-1), text);
    t.is(lines.at(-2), "yes or no");
    t.is(confirmed(machine), left);
    t.is(await pending(machine), undefined);
  });
}

test("a yes in another session is one, too", async (t) => {
  const machine = await configured(t);

  const { lines, ended } = begin(machine, NONE, typed());
  await printed(lines, "Keep these settings?");
  await confirm(machine);
  await ended;

  t.is(lines.at(-1), "Kept.");
});

test("--yes asks nothing, --dry-run changes nothing, a countdown has its bounds", async (t) => {
  const machine = await configured(t);

  const dry = begin(machine, { ...NONE, flags: new Set(["dry-run"]) });
  t.is(await dry.ended, 0);
  t.regex(dry.lines.at(-1) ?? "", /^Would change: .*\/etc\/ufw\/user\.rules/);
  t.is(confirmed(machine), OLD);

  for (const seconds of ["0", "19", "3601", "1.5", "soon"]) {
    const args = { ...NONE, values: new Map([["confirm-within", seconds]]) };
    await t.throwsAsync(begin(machine, args).ended, { code: "input.arguments" }, seconds);
  }

  await begin(machine, { ...NONE, flags: new Set(["yes"]) }).ended;
  t.is(confirmed(machine), NEW);
});

test("rollback takes back what waits; history and diff tell the rest", async (t) => {
  const machine = await configured(t);
  await begin(machine).ended;

  t.is((await call(machine, rollbackCommand)).text, "The previous settings are back.");
  t.is(confirmed(machine), OLD);

  await apply(machine, requestOf(NEW), () => {});
  const { text } = await call(machine, historyCommand);
  t.regex(
    text,
    /^ {3}2 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}posternctl \(settings\.yaml\) {3}in force\n {3}1 /,
  );
  const json = await call(machine, historyCommand, { flags: new Set(["json"]) });
  t.false(json.text.includes("$y$"));

  const words = "Clients: 10.20.0.0/16 is taken out\nClients: 10.30.0.0/16 is added";
  t.is((await call(machine, diffCommand, { rest: ["1"] })).text, words);
  t.is((await call(machine, diffCommand, { rest: ["2", "2"] })).text, "They say the same.");
  const file = join(tempFolder(t), "old.yaml");
  writeFileSync(file, OLD);
  t.is((await call(machine, diffCommand, { rest: [file, "current"] })).text, words);
  await t.throwsAsync(call(machine, diffCommand, { rest: ["9"] }), { code: "input.history" });
});
