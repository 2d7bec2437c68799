import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { apply } from "../../../appliance/apply/apply.ts";
import { history, historyEntry } from "../../../appliance/apply/history.ts";
import { type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";

function text(number: number): string {
  return `schema: 1\nclients:\n  - cidr: 10.${number}.0.0/16\n`;
}

async function put(machine: Machine, number: number): Promise<void> {
  await apply(machine, requestOf(text(number)), () => {});
}

function quiet(root: string): Machine {
  const machine = makeMachine(root);
  machine.answers.set("", {});
  return machine;
}

test("the last twenty confirmed settings are kept, newest first, with where they came from", async (t) => {
  const machine = quiet(tempFolder(t));
  for (let number = 1; number <= 23; number++) await put(machine, number);
  await put(machine, 23);

  const all = await history(machine);

  t.deepEqual(
    all.map(({ number }) => number),
    Array.from({ length: 20 }, (_, index) => 23 - index),
  );
  t.is(all[0]?.text, text(23));
  t.deepEqual(all[0]?.origin, { way: "command", detail: "settings.yaml" });
  t.regex(all[0]?.time ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  t.is((await historyEntry(machine, 4)).text, text(4));
  await t.throwsAsync(historyEntry(machine, 3), { code: "input.history", message: /it has 4, 5/ });
});

test("only root can read them, and a file that is none of ours is passed over", async (t) => {
  const machine = quiet(tempFolder(t));
  await put(machine, 1);
  await put(machine, 2);
  const folder = machine.paths.history;

  for (const name of readdirSync(folder)) t.is(statSync(join(folder, name)).mode & 0o777, 0o600, name);
  t.is(statSync(folder).mode & 0o777, 0o700);
  writeFileSync(join(folder, "2.json"), '{"time":1}');
  writeFileSync(join(folder, "notes.txt"), "");
  t.deepEqual(
    (await history(machine)).map(({ number }) => number),
    [1],
  );
  await put(machine, 3);
  t.deepEqual(
    (await history(machine)).map(({ number }) => number),
    [3, 1],
    "a number is never given twice",
  );
});
