import test from "ava";
import { KEYS } from "../kit/terminal.ts";
import { configured, type Script, settingsOf, sit } from "./sitting.ts";

const { enter, esc } = KEYS;

/** Answers each question as it is printed. */
async function reply(person: ReturnType<typeof sit>["person"], script: Script): Promise<void> {
  for (const [question, keys] of script) {
    await person.read(question);
    person.type(keys);
  }
}

test("several lines are chosen by their numbers, and a text is emptied by a hyphen", async (t) => {
  const text = "schema: 1\nclients: [{ cidr: 10.20.0.0/16 }]\nupdates: { window: 02:00-04:00 }\n";
  const { machine, person } = sit(t, { machine: configured(t, text), isPlain: true });

  await reply(person, [
    ["Enter alone to look again", `r${enter}`],
    ["1 to 12 [1]: ", `7${enter}`],
    ["1 to 8 [2]: ", `3${enter}`],
    ["Numbers [1 2]: ", `1 19${enter}`],
    ["Expected: numbers from 1 to 18", `1, 2 5${enter}`],
    ["1 to 8 [1]: ", enter],
    ["1 to 12 [1]: ", `12${enter}`],
    ["1 to 4 [2]: ", `3${enter}`],
    ["- alone: nothing.", ""],
    ["[02:00-04:00]: ", `-${enter}`],
    ["1 to 4 [1]: ", `back${enter}`],
    ["1 to 12 [1]: ", enter],
    ["Keep these settings?", `1${enter}`],
    ["NOT SERVING", ""],
  ]);

  const { defender, updates } = settingsOf(machine);
  t.deepEqual(defender.services, ["mde", "mdi", "linux-packages"]);
  t.deepEqual(updates, { mode: "security" });
  t.false(person.raw.includes("\u001b"));
});

test("Ctrl-L prints the question again, Esc goes back", async (t) => {
  const { person } = sit(t, { isPlain: true });

  await reply(person, [
    ["Network: how does", "\u000c"],
    ["Network: how does", `2${enter}`],
    ["Network: address of this machine", esc],
    ["Network: how does", ""],
  ]);
  t.pass();
});
