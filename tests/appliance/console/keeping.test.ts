import { readFileSync } from "node:fs";
import test from "ava";
import { confirm } from "../../../appliance/apply/confirm.ts";
import { KEYS } from "../kit/terminal.ts";
import { SMALLEST } from "../settings/fixtures.ts";
import { answer, configured, type Script, settingsOf, sit } from "./sitting.ts";

const { enter, esc, clear } = KEYS;

const CHANGE: Script = [
  ["NOT SERVING", "r"],
  ["Review: apply", `9${enter}`],
  ["Name: what is", `${clear}proxy-02${enter}`],
  ["Review: apply", `1${enter}`],
];

test("a change waits for a word, with the seconds counting down, and is kept", async (t) => {
  const { machine, person } = sit(t, { machine: configured(t), more: { confirmWithin: 60_000 } });

  await answer(person, CHANGE);
  await person.see("Keep these settings?");
  t.regex(person.screen.text, /In (60|59|58) s the previous ones come back/);
  await person.see("In 56 s");
  t.is(readFileSync(machine.paths.confirmed, "utf8"), SMALLEST, "not yet");
  t.true(machine.ran.some((line) => line.startsWith("systemd-run") && line.includes("recover --expired")));
  person.type(`1${enter}`);
  await person.see("NOT SERVING");

  t.regex(readFileSync(machine.paths.confirmed, "utf8"), /proxy-02/);
});

for (const [name, keys] of [
  ["2", `2${enter}`],
  ["Esc", esc],
] as const) {
  test(`${name} takes the change back, and the answers are still there`, async (t) => {
    const { machine, person } = sit(t, { machine: configured(t) });

    await answer(person, [
      ...CHANGE,
      ["Keep these settings?", keys],
      ["The previous settings are back", enter],
      ["Name           proxy-02", esc],
    ]);
    await person.see("NOT SERVING");

    t.is(readFileSync(machine.paths.settings, "utf8"), SMALLEST);
  });
}

for (const isPlain of [false, true]) {
  test(`when nobody answers, the previous settings are back by themselves${isPlain ? ", in plain lines" : ""}`, async (t) => {
    const { machine, person } = sit(t, { machine: configured(t), isPlain, more: { confirmWithin: 2000 } });
    const script: Script = [
      ...CHANGE.map(([question, keys]) => [question, isPlain ? keys.replace(clear, "") : keys] as const),
      ["Nobody kept the new ones in time.", enter],
      ["Name           proxy-02", ""],
    ];

    for (const [question, keys] of script) {
      if (isPlain) await person.read(question.replace(/ {2,}/, "  "));
      else await person.see(question);
      if (keys !== "") person.type(isPlain && keys === "r" ? `r${enter}` : keys);
    }

    t.is(settingsOf(machine).hostname, "postern");
  });
}

test("somebody else keeps it: the page goes by itself", async (t) => {
  const { machine, person } = sit(t, { machine: configured(t) });
  await answer(person, CHANGE);
  await person.see("Keep these settings?");

  await confirm(machine);

  await person.see("NOT SERVING");
  t.regex(readFileSync(machine.paths.confirmed, "utf8"), /proxy-02/);
});

test("a console that starts while a change waits asks about it", async (t) => {
  const first = sit(t, { machine: configured(t) });
  await answer(first.person, CHANGE);
  await first.person.see("Keep these settings?");

  const second = sit(t, { machine: first.machine });
  await answer(second.person, [["Keep these settings?", `1${enter}`]]);
  await second.person.see("NOT SERVING");

  t.regex(readFileSync(first.machine.paths.confirmed, "utf8"), /proxy-02/);
  await first.person.see("NOT SERVING");
});
