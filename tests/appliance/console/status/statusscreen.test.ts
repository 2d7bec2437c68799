import { appendFileSync, readFileSync } from "node:fs";
import { Writable } from "node:stream";
import test from "ava";
import { apply } from "../../../../appliance/apply/apply.ts";
import { showStatus } from "../../../../appliance/console/status/statusscreen.ts";
import { openTerminal } from "../../../../appliance/console/terminal/terminal.ts";
import { until } from "../../../../appliance/system/until.ts";
import { requestOf } from "../../kit/request.ts";
import { KEYS, Person } from "../../kit/terminal.ts";
import { SMALLEST } from "../../settings/fixtures.ts";
import { logLine } from "../../traffic/log.ts";
import { configured, PARTS, RELEASE, sit } from "./statussitting.ts";

const { esc } = KEYS;

test("the status of a machine at work fits the screen; l, b and r are left to the console", async (t) => {
  for (const [key, choice] of [
    ["l", "login"],
    ["b", "reboot"],
    ["R", "reconfigure"],
  ] as const) {
    const { person, ended } = await sit(t);
    await person.see("[l] log in");

    t.regex(person.screen.text, /^ Serving +10\.20\.0\.0\/16 +port 3128$/m);
    t.regex(person.screen.text, /^ Tunnels +0 open {3}last hour 0 allowed, 1 denied$/m);
    t.regex(person.screen.text, /^ Last denied .* 10\.20\.4\.7 -> one\.example:443 {3}not on the list$/m);
    t.regex(person.screen.text, /^ Settings +number 1, from posternctl \(settings\.yaml\)/m);
    t.is(person.screen.scrolled, 0);
    t.regex(person.raw, /^\W*Serving\b/m, "who reads along on a serial line finds it at the start of a line");
    person.type(key);
    t.is(await ended, choice);
  }
});

test("only rows that changed are written; Ctrl-L and a new size draw everything", async (t) => {
  const { person, terminal, log } = await sit(t, { isConsole: false });
  await person.see("[q] quit");
  const before = person.raw.length;
  appendFileSync(log, logLine(Date.now(), { isRefused: true, url: "two.example:443" }));
  // Any other key looks again.
  person.type("x");
  await person.see("two.example:443");
  const written = person.raw.slice(before);
  t.false(written.includes("\u001b[2J"));
  t.false(written.includes("Serving"), "that row stayed as it was");

  // Ctrl-L comes as a key or by the terminal's painter.
  const redraws = [() => person.type("\u000c"), () => terminal.output.painter?.()];
  for (const redraw of redraws) {
    const from = person.raw.length;
    person.screen.write("\u001b[2J");
    redraw();
    await person.see("[q] quit");
    t.true(person.raw.slice(from).includes("\u001b[2J"));
  }
});

for (const [key, said, network] of [
  ["y", "The change is kept.", "10.30"],
  ["n", "The previous settings are back.", "10.20"],
] as const) {
  test(`a change that waits is on the screen with its seconds, and ${key} answers it`, async (t) => {
    const machine = await configured(t);
    const request = { ...requestOf(SMALLEST.replace("10.20", "10.30")), confirmWithin: 60_000 };
    await apply(machine, request, () => {});
    const { person } = await sit(t, { machine });

    await person.see("CONFIRM     the change goes back by itself in");
    t.regex(person.screen.text, /^ Serving +10\.30\.0\.0\/16/m, "what is in force now");
    const seconds = async (): Promise<number> => Number(/ in (\d+) s /.exec(person.screen.text)?.[1]);
    const first = await seconds();
    t.true((await until(seconds, (now) => now < first, { timeout: 30_000 })) < first, "they run down");
    person.type(key);
    await person.see(said);

    t.false(person.screen.text.includes("CONFIRM"));
    t.true(readFileSync(machine.paths.confirmed, "utf8").includes(network));
  });
}

test("y and n mean nothing while no change waits", async (t) => {
  const { person, machine } = await sit(t);
  await person.see("[l] log in");
  const before = machine.ran.length;

  person.type("ynd");

  await person.see("Last denied, newest first");
  t.deepEqual(
    machine.ran.slice(before).filter((line) => !line.startsWith("chronyc") && !line.startsWith("apt-get")),
    [],
  );
});

test("in a session q and Esc leave; on the machine's own console they do not", async (t) => {
  for (const key of ["q", esc]) {
    const { person, ended } = await sit(t, { isConsole: false });
    await person.see("[q] quit");
    person.type(key);
    t.is(await ended, "quit");
  }
  const { person, terminal, ended } = await sit(t);
  await person.see("[l] log in");
  person.type("q");
  terminal.input.write(esc);
  person.type("l");
  t.is(await ended, "login");
});

for (const page of ["", "d", "c", "t"]) {
  test(`a line that goes away ends it, also on the page of "${page}"`, async (t) => {
    const { person, ended } = await sit(t);
    await person.see("[l] log in");
    person.type(page);
    if (page !== "") await person.see("Esc: back");

    person.input.end();

    t.is(await ended, "quit");
  });
}

test("a terminal that cannot be written to any more is no fault", async (t) => {
  const machine = await configured(t);
  const person = new Person();
  const output = new Writable({
    write: (_chunk, _encoding, done) => done(new Error("EIO: i/o error, write")),
  });
  const terminal = openTerminal({ input: person.input, output, isPlain: false, onInterrupt: () => {} });

  t.is(
    await showStatus({ system: machine, release: RELEASE, terminal, isConsole: true, parts: PARTS }),
    "quit",
  );
  terminal.close();
});
