import { existsSync, readFileSync, rmSync } from "node:fs";
import test from "ava";
import { apply } from "../../../appliance/apply/apply.ts";
import { recover } from "../../../appliance/apply/recover.ts";
import { leftovers, withWrites } from "../kit/freeze.ts";
import { type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";

const OLD = "schema: 1\nclients:\n  - cidr: 10.20.0.0/16\n";
const NEW =
  "schema: 1\nhostname: proxy-02\nclients:\n  - cidr: 10.30.0.0/16\ntime: { servers: [192.0.2.1] }\n";

function start(machine: Machine, text: string, confirmWithin?: number): Promise<unknown> {
  const waiting = confirmWithin === undefined ? {} : { confirmWithin };
  return apply(machine, { ...requestOf(text), ...waiting }, () => {});
}

function makeQuietMachine(root: string): Machine {
  const machine = makeMachine(root);
  // No program has to run for this: the files are what counts.
  machine.answers.set("", {});
  return machine;
}

/** What the machine's files say they belong to; a mixture is a fault. */
function state(machine: Machine): { text: string | undefined; parts: string[] } {
  const read = (path: string) =>
    existsSync(machine.paths.at(path)) ? readFileSync(machine.paths.at(path), "utf8") : "";
  const parts = [
    /10\.[23]0\.0\.0/.exec(read("/etc/squid/postern/clients.txt"))?.[0] ?? "none",
    /10\.[23]0\.0\.0/.exec(read("/etc/ufw/user.rules"))?.[0] ?? "none",
    read("/etc/hostname").trim(),
    read("/etc/chrony/sources.d/postern.sources") === "" ? "no servers" : "servers",
  ];
  return { text: read("/etc/postern/settings.yaml") || undefined, parts };
}

const PARTS = new Map([
  [undefined, ["none", "none", "debian", "no servers"]],
  [OLD, ["10.20.0.0", "10.20.0.0", "postern", "no servers"]],
  [NEW, ["10.30.0.0", "10.30.0.0", "proxy-02", "servers"]],
]);

for (const [title, before, wait] of [
  ["the first settings", undefined, undefined],
  ["a change of settings", OLD, undefined],
  ["a change that waits for a word", OLD, 60_000],
] as const) {
  test.serial(
    `killed at any write of ${title}, the machine has the old settings or the new ones, whole`,
    async (t) => {
      t.timeout(600_000);
      let ended = false;
      let undone = 0;
      let finished = 0;
      for (let allowed = 0; !ended; allowed++) {
        const root = tempFolder(t);
        const machine = makeQuietMachine(root);
        if (before !== undefined) await start(machine, before);

        ended = (await withWrites(allowed, () => start(machine, NEW, wait))) === "ended";
        rmSync(machine.paths.run, { recursive: true, force: true });
        const outcome = await recover(machine);
        if (outcome === "undone") undone++;
        if (outcome === "finished") finished++;

        const { text, parts } = state(machine);
        t.deepEqual(parts, PARTS.get(text), `after ${allowed} writes: ${outcome}`);
        t.true(text === before || (text === NEW && wait === undefined), `after ${allowed} writes`);
        t.is(
          existsSync(machine.paths.confirmed) ? readFileSync(machine.paths.confirmed, "utf8") : undefined,
          text,
        );
        t.false(existsSync(machine.paths.journal));
        await start(machine, NEW);
        t.deepEqual(state(machine), { text: NEW, parts: PARTS.get(NEW) ?? [] });
        t.deepEqual(leftovers(root), [], `after ${allowed} writes`);
        rmSync(root, { recursive: true });
      }
      // Both ways out were really taken.
      t.true(undone > 5, `undone ${undone}`);
      t.is(finished > 0, wait === undefined, `finished ${finished}`);
    },
  );
}
