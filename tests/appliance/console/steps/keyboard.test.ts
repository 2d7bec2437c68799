import { existsSync } from "node:fs";
import test from "ava";
import { lay, makeMachine } from "../../kit/machine.ts";
import { tempFolder } from "../../kit/temp.ts";
import { KEYS } from "../../kit/terminal.ts";
import { answer, type Script, SHORTEST, settingsOf, sit } from "../sitting.ts";

const { enter, esc, clear } = KEYS;
const LOAD = "loadkeys --quiet --unicode --console=/dev/tty1";

/** The layouts that are chosen on the list. */
const GERMAN: Script = [
  ["Keyboard: which layout?", `4${enter}`],
  ["Keyboard: try it", "yz@/"],
  ["> yz@/", enter],
];

test("on the screen the keyboard comes first: it is put on at once, tried and kept", async (t) => {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("ckbcomp", { stdout: "keycode 1 = Escape\n" });
  const { person } = sit(t, { machine, line: "tty1" });

  await answer(person, [...GERMAN, ...SHORTEST, ["Review: apply", `1${enter}`]]);
  await person.see("Applied, but");

  t.true(machine.ran.includes("ckbcomp -compact -model pc105 -layout de"));
  t.true(machine.ran.includes(LOAD));
  t.true(machine.inputs.includes("keycode 1 = Escape\n"));
  t.deepEqual(settingsOf(machine).keyboard, { layout: "de" });
  t.is(person.screen.scrolled, 0);
});

test("the layout that is there already needs no program, and Esc leads back to the list", async (t) => {
  const { machine, person } = sit(t, { line: "tty1" });

  await answer(person, [
    [">  1. English (US)", enter],
    ["Keyboard: try it", esc],
    ["Keyboard: which layout?", enter],
    ["The layout is us.", enter],
  ]);
  await person.see("Network: how");

  t.false(machine.ran.some((line) => line.startsWith("ckbcomp")));
});

test("a layout that the machine does not know is asked for again, one that cannot be put on is only said", async (t) => {
  const machine = makeMachine(tempFolder(t));
  lay(machine.paths.root, "/usr/share/X11/xkb/symbols/hu", 'xkb_symbols "qwerty" {};\n');
  machine.answers.set("loadkeys", { code: 1, stderr: "Couldn't get a file descriptor\nmore\n" });
  const { person } = sit(t, { machine, line: "tty1" });

  await answer(person, [
    ["Keyboard: which layout?", `22${enter}`],
    ["Keyboard: another layout", `${clear}zz${enter}`],
    ["zz is none", `${clear}hu dvorak${enter}`],
    ["dvorak is none", `${clear}hu qwerty${enter}`],
    ["could not be put on this screen", ""],
    ["Couldn't get a file descriptor", enter],
    ["The layout is hu qwerty", enter],
  ]);
  await person.see("Network: how");

  t.false(existsSync(machine.paths.keyboard));
});

for (const line of ["ttyS0", null]) {
  test(`no keyboard question on ${line ?? "a session"}: the far terminal has its own`, async (t) => {
    const { machine, person } = sit(t, { line });

    await person.see("Network: how");

    t.false(person.raw.includes("Keyboard"));
    t.false(machine.ran.some((command) => command.startsWith("loadkeys")));
  });
}

test("below a password stand its strength and what another layout would change", async (t) => {
  const { person } = sit(t);

  await answer(person, [
    ["Network: how", enter],
    ["Clients: which", "1"],
    ["Clients: another", enter],
    ["Administrator: password", "correct horse batter"],
    ["strength: fair.", "y"],
    ["lie elsewhere on other keyboard", `${clear}postern12345`],
    ["strength: weak; it has a name in it that is tried first; it repeats itself", ""],
  ]);
  t.false(person.raw.includes("postern12345"));
});
