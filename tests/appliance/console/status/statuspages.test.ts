import { appendFileSync, existsSync } from "node:fs";
import test from "ava";
import { PARTS } from "../../../../appliance/check/parts.ts";
import { parseSettings } from "../../../../appliance/settings/parse.ts";
import { makeMachine } from "../../kit/machine.ts";
import { tempFolder } from "../../kit/temp.ts";
import { KEYS } from "../../kit/terminal.ts";
import { SMALLEST } from "../../settings/fixtures.ts";
import { logLine } from "../../traffic/log.ts";
import { sit } from "./statussitting.ts";

const { enter, esc, up, down } = KEYS;
const RIGHT = "\u001b[C";
const PAGE_DOWN = "\u001b[6~";

test("d lists what was refused, newest first, while it comes; Esc goes back", async (t) => {
  const { person, log } = await sit(t);
  await person.see("[d] denials");
  person.type("d");
  await person.see("Last denied, newest first");
  t.regex(person.screen.text, /\d\d:\d\d:\d\d {2}10\.20\.4\.7 +one\.example:443 +not on the list/);

  appendFileSync(log, logLine(Date.now(), { isRefused: true, url: "10.9.9.9:22", rule: "port" }));
  await person.see("10.9.9.9:22");

  const lines = person.screen.text.split("\n");
  t.regex(lines[2] ?? "", /10\.9\.9\.9:22 +port not allowed/);
  t.regex(lines[3] ?? "", /one\.example:443/);
  person.type(esc);
  await person.see("[d] denials");
});

test("c shows the client settings with the machine's own address, page by page", async (t) => {
  const { person } = await sit(t);
  await person.see("[c] client settings");
  person.type("c");
  await person.see("Client settings: Group Policy   (page 1 of 2)");
  t.regex(person.screen.text, /policy line 20\n/);
  t.false(person.screen.text.includes("policy line 21"));

  person.type(down);
  await person.see("policy line 21");
  person.type(PAGE_DOWN);
  await person.see("policy line 41");
  person.type(PAGE_DOWN + PAGE_DOWN);
  await person.see("40-60 of 60");
  person.type(up);
  await person.see("39-59 of 60");
  person.type(RIGHT);
  await person.see("mdatp config proxy set --value http://10.0.2.15:3128");
  t.is(person.screen.scrolled, 0);
  person.type("q");
  await person.see("[c] client settings");
});

test("t tests, shows each result, and the status knows the answer", async (t) => {
  const { person, machine } = await sit(t);
  await person.see("[t] test");
  person.type("t");
  await person.see("Done.");
  person.type("\u001b[F");
  await person.see("ok      MDE: all 8 tests passed");
  await person.see("FAILED  MDI contoso: no answer");
  await person.see("Is the workspace right?");
  t.true(existsSync(machine.paths.serviceTests));

  person.type(esc);
  await person.see("MDI contoso NOT REACHED");
  t.regex(person.screen.text, /^ DEFENDER +MDI contoso: no answer$/m);
});

test("40x9: the page, the lists and the client settings have room", async (t) => {
  const { person } = await sit(t, { columns: 40, rows: 9 });
  await person.see("Serving 1 network on port 3128");
  person.type("d");
  await person.see("one.example:443  not on the list");
  person.type(esc);
  await person.see("[c] clients");
  person.type(`c${RIGHT}`);
  await person.see("http://10.0.2.15:3128");
  t.is(person.screen.scrolled, 0);
});

test("plain lines do it all, without one control sequence", async (t) => {
  const { person, ended } = await sit(t, { isPlain: true, isConsole: false });
  await person.read("Serving");
  await person.read("look again: ");
  person.type(`x\u007fd${enter}`);
  await person.read("Last denied, newest first");
  await person.read("one.example:443");
  await person.read("Enter: back to the status");
  person.type(enter);
  await person.read("look again: ");
  person.type(`c${enter}`);
  await person.read("policy line 59");
  await person.read("mdatp config proxy set --value http://10.0.2.15:3128");
  await person.read("Enter: back");
  person.type(enter);
  await person.read("look again: ");
  person.type(`t${enter}`);
  await person.read("MDE: all 8 tests passed");
  await person.read("Enter: back");
  person.type(enter);
  await person.read("MDI contoso NOT REACHED");
  await person.read("look again: ");
  person.type(`q${enter}`);

  t.is(await ended, "quit");
  t.false(person.raw.includes("\u001b"));
});

test("the client settings of a real machine name its address; without one there are none", async (t) => {
  const settings = parseSettings(SMALLEST, "settings.yaml");
  const pages = await PARTS.clientPages(makeMachine(tempFolder(t)), settings);
  t.true(pages?.some(({ lines }) => lines.some((line) => line.includes("http://10.0.2.15:3128"))));
  for (const { lines } of pages ?? []) for (const line of lines) t.regex(line, /^[ -~]*$/);

  const alone = makeMachine(tempFolder(t), [{ name: "eth0", mac: "52:54:00:00:00:01" }]);
  t.is(await PARTS.clientPages(alone, settings), undefined);
});
