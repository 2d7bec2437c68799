import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import test, { type ExecutionContext } from "ava";
import { apply } from "../../../appliance/apply/apply.ts";
import { history } from "../../../appliance/apply/history.ts";
import type { Arguments } from "../../../appliance/commands/command.ts";
import { exportMachine } from "../../../appliance/commands/export.ts";
import { importMachine } from "../../../appliance/commands/import.ts";
import type { Terminal } from "../../../appliance/commands/keep.ts";
import { builtInCatalogue } from "../../../appliance/endpoints/catalogue.ts";
import { catalogueInUse } from "../../../appliance/endpoints/installed.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { inService, PASSPHRASE, SETTINGS_TEXT } from "../export/kit.ts";
import { variant } from "../kit/catalogues.ts";
import { commandContext } from "../kit/commandcontext.ts";
import { lay, type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";
import { SMALLEST, YESCRYPT } from "../settings/fixtures.ts";

interface Call {
  flags?: readonly string[];
  values?: Readonly<Record<string, string>>;
  rest?: readonly string[];
  /** Typed on a terminal, line by line. */
  typed?: readonly string[];
  /** What comes by a pipe. */
  piped?: string;
}

async function call(machine: Machine, command: "export" | "import", how: Call = {}) {
  const { flags = [], values = {}, rest = [], typed, piped = "" } = how;
  const { context, printed } = commandContext(machine);
  const args: Arguments = { flags: new Set(flags), values: new Map(Object.entries(values)), rest };
  const input: PassThrough & Terminal = new PassThrough();
  if (typed === undefined) input.end(piped);
  else input.isTTY = true;
  const left = [...(typed ?? [])];
  const said: string[] = [];
  const say = (text: string): void => {
    said.push(text);
    if (text.endsWith(": ")) input.write(`${left.shift() ?? "\u0003"}\r`);
  };
  const options = { input, say, interrupt: () => void said.push("ended"), patience: 0 };
  const run = command === "export" ? exportMachine : importMachine;
  const code = await run(context, args, options);
  return { code, text: printed.join("\n"), said: said.join("") };
}

async function exportedTo(t: ExecutionContext, machine: Machine, how: Call = {}): Promise<string> {
  const file = join(tempFolder(t), "export.json");
  await call(machine, "export", { piped: `${PASSPHRASE}\n`, ...how, rest: [file] });
  return file;
}

function fresh(t: ExecutionContext): Machine {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("", {});
  return machine;
}

const textOf = ({ paths }: Machine): string => readFileSync(paths.confirmed, "utf8");

test("another machine becomes the same, and a second time nothing happens", async (t) => {
  const installed = {
    over: builtInCatalogue().version,
    key: `SHA256:${"a".repeat(43)}`,
    catalogue: variant("2099-01-01"),
  };
  const one = await inService(t, SETTINGS_TEXT, { catalogue: installed.catalogue, installed });
  const file = await exportedTo(t, one);
  const other = fresh(t);
  const how = { flags: ["yes"], rest: [file], piped: `${PASSPHRASE}\n` };
  const first = await call(other, "import", how);

  t.is(textOf(other), SETTINGS_TEXT);
  t.deepEqual((await catalogueInUse(other.paths)).installed, installed);
  t.like((await history(other))[0], { origin: { way: "command", detail: `import ${file}` } });
  t.false(`${first.text}${first.said}`.includes(PASSPHRASE));
  t.regex((await call(other, "import", how)).text, /^Nothing had to change\.$/m);
  t.is((await history(other)).length, 1);
  t.is(statSync(file).mode & 0o777, 0o600);
  t.false(readFileSync(file, "utf8").includes(YESCRYPT));
});

test("a terminal asks twice, says what is wrong with the first, and shows nothing", async (t) => {
  const machine = await inService(t);
  const file = join(tempFolder(t), "export.json");
  const typed = ["short", PASSPHRASE, "another passphrase", PASSPHRASE, PASSPHRASE];
  const { said, text } = await call(machine, "export", { rest: [file], typed });

  t.regex(said, /Expected at least 12 characters; 7 more\.[\s\S]*Those were two different ones\./);
  t.false(`${said}${text}`.includes(PASSPHRASE));
  t.regex(text, /^Everything that makes this machine is in .*export\.json\.$/m);
  const wrong = ["not this one", "nor this one", PASSPHRASE];
  const back = await call(fresh(t), "import", { flags: ["yes"], rest: [file], typed: wrong });
  t.is(back.said.match(/was sealed with another passphrase/g)?.length, 2);
  const never = call(fresh(t), "import", { rest: [file], typed: [...wrong.slice(0, 2), "nor that one"] });
  await t.throwsAsync(never, { code: "input.passphrase" });
});

test("Ctrl-C and the end of input write nothing", async (t) => {
  const machine = await inService(t);
  const file = join(tempFolder(t), "export.json");

  await t.throwsAsync(call(machine, "export", { rest: [file], typed: [] }), { code: "input.passphrase" });
  await t.throwsAsync(call(machine, "export", { rest: [file] }), { code: "input.passphrase" });
  await t.throwsAsync(call(machine, "export", { rest: [file], piped: "short\n" }), {
    code: "input.passphrase",
    message: "The passphrase is too weak: expected at least 12 characters; 7 more.",
  });
  t.false(existsSync(file));
});

test("a passphrase file is taken where only its owner can read it", async (t) => {
  const machine = await inService(t);
  const folder = tempFolder(t);
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("good"), `${PASSPHRASE}\r\nmore\n`, { mode: 0o600 });
  writeFileSync(at("open"), PASSPHRASE);
  chmodSync(at("open"), 0o640);
  writeFileSync(at("empty"), "\n", { mode: 0o600 });
  writeFileSync(at("long"), "x".repeat(5000), { mode: 0o600 });
  symlinkSync(at("good"), at("link"));
  const values = (name: string) => ({ values: { "passphrase-file": at(name) } });
  const file = await exportedTo(t, machine, values("good"));

  t.is((await call(fresh(t), "import", { flags: ["yes"], rest: [file], ...values("good") })).said, "");
  const refused = [
    ["open", /can be read by others: its mode is 0640/],
    ["empty", /No passphrase came by/],
    ["long", /more than 1024 characters/],
    ["link", /cannot be read: ELOOP/],
    ["none", /cannot be read: ENOENT/],
    [".", /is no file/],
  ] as const;
  for (const [name, message] of refused)
    await t.throwsAsync(call(machine, "export", values(name)), { code: "input.passphrase", message }, name);
});

test("without a file it is printed; with --settings it is the settings alone", async (t) => {
  const machine = await inService(t);
  const whole = await call(machine, "export", { piped: PASSPHRASE });
  const open = await call(machine, "export", { flags: ["without-secrets"] });
  const plain = await call(machine, "export", { flags: ["settings"] });
  const both = await call(machine, "export", { flags: ["settings", "without-secrets"] });

  t.is(JSON.parse(whole.text).format, "postern-export");
  t.is(JSON.parse(open.text).sealed, undefined);
  t.is(plain.text, SETTINGS_TEXT.trimEnd());
  t.false(both.text.includes("$y$") || both.text.includes("rack"));
  t.deepEqual(parseSettings(both.text, "export").clients, [{ cidr: "10.20.0.0/16", label: "servers" }]);
  t.is((await history(machine)).length, 1);
  const values = { "passphrase-file": "x" };
  await t.throwsAsync(call(machine, "export", { flags: ["settings"], values }), { code: "input.arguments" });
});

test("a password that another program set is spoken of", async (t) => {
  const machine = await inService(t);
  lay(machine.paths.root, "/etc/shadow", "postern:$y$j9T$other:1:0:99999:7:::\n");
  const file = join(tempFolder(t), "export.json");
  const { text } = await call(machine, "export", { rest: [file], piped: PASSPHRASE });

  t.regex(text, /The console password was set by another program/);
});

test("a file that cannot be written says so", async (t) => {
  const machine = await inService(t);
  const file = join(tempFolder(t), "plain");
  writeFileSync(file, "");
  const how = { rest: [join(file, "below")], flags: ["without-secrets"] };

  await t.throwsAsync(call(machine, "export", how), { code: "host.export" });
});

test("a settings.yaml and an open export are imported without a passphrase", async (t) => {
  const file = await exportedTo(t, await inService(t), { flags: ["without-secrets"] });
  const other = fresh(t);
  await call(other, "import", { flags: ["yes"], rest: [file] });
  t.is(parseSettings(textOf(other), "x").hostname, "proxy-01");

  const plain = join(tempFolder(t), "settings.yaml");
  writeFileSync(plain, SMALLEST);
  await call(other, "import", { flags: ["yes"], rest: [plain] });
  t.is(textOf(other), SMALLEST);
});

test("--keep-network keeps name, network and password, and the comments of what came", async (t) => {
  const own = SMALLEST.replace("clients", `hostname: own\nadmin: { passwordHash: ${YESCRYPT} }\nclients`);
  const other = fresh(t);
  await apply(other, requestOf(own), () => {});
  const file = await exportedTo(t, await inService(t));
  await call(other, "import", { flags: ["yes", "keep-network"], rest: [file], piped: PASSPHRASE });

  t.is(textOf(other), SETTINGS_TEXT.replace("proxy-01", "own"));
  const open = await exportedTo(t, await inService(t), { flags: ["without-secrets"] });
  await call(other, "import", { flags: ["yes", "keep-network"], rest: [open] });
  t.like(parseSettings(textOf(other), "x"), { hostname: "own", admin: { passwordHash: YESCRYPT } });
});

test("what is refused changes nothing: a flipped byte, a wrong passphrase, settings this machine does not take", async (t) => {
  const file = await exportedTo(t, await inService(t));
  const other = fresh(t);
  await apply(other, requestOf(SMALLEST), () => {});
  const flipped = join(tempFolder(t), "flipped.json");
  writeFileSync(flipped, readFileSync(file, "utf8").replace("10.20.0.0", "10.21.0.0"));

  const piped = PASSPHRASE;
  const how = { flags: ["yes"], rest: [flipped], piped };
  await t.throwsAsync(call(other, "import", how), { code: "input.export-changed" });
  const wrong = { flags: ["yes"], rest: [file], piped: "another passphrase" };
  await t.throwsAsync(call(other, "import", wrong), { code: "input.passphrase" });
  other.answers.delete("");
  other.answers.set("squid", { code: 1, stderr: "FATAL: no\n" });
  await t.throwsAsync(call(other, "import", { flags: ["yes"], rest: [file], piped }), {
    code: "host.rendered",
  });
  t.is(textOf(other), SMALLEST);
  t.is((await history(other)).length, 1);
  other.answers.set("", {});
  other.answers.delete("squid");
  await call(other, "import", { flags: ["yes"], rest: [file], piped });
  t.is(textOf(other), SETTINGS_TEXT, "a second run ends well");
});

test("--dry-run says what would change, and changes nothing", async (t) => {
  const file = await exportedTo(t, await inService(t));
  const other = fresh(t);
  await apply(other, requestOf(SMALLEST), () => {});
  const { text } = await call(other, "import", { flags: ["dry-run"], rest: [file], piped: PASSPHRASE });

  t.regex(text, /Would change: /);
  t.is(textOf(other), SMALLEST);
});
