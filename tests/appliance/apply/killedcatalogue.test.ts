import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { apply } from "../../../appliance/apply/apply.ts";
import { history } from "../../../appliance/apply/history.ts";
import { catalogueOf } from "../../../appliance/apply/keptcatalogues.ts";
import { recover } from "../../../appliance/apply/recover.ts";
import { builtInCatalogue } from "../../../appliance/endpoints/catalogue.ts";
import { catalogueInUse } from "../../../appliance/endpoints/installed.ts";
import { variant } from "../kit/catalogues.ts";
import { leftovers, withWrites } from "../kit/freeze.ts";
import { type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";

const SETTINGS = "schema: 1\nclients:\n  - cidr: 10.20.0.0/16\n";
const OWN = builtInCatalogue();
const KEY = `SHA256:${"A".repeat(43)}`;

/** An update from one catalogue to the next, as `posternctl endpoints update` makes it. */
function update(machine: Machine, version: string): Promise<unknown> {
  const catalogue = variant(version, { without: ["config.edge.skype.com"] });
  const installed = { over: OWN.version, key: KEY, catalogue };
  return apply(machine, { ...requestOf(SETTINGS), catalogue: { catalogue, installed } }, () => {});
}

/** The dates that the machine's lists and its catalogue file say; a mixture is a fault. */
async function dates(machine: Machine): Promise<{ lists: string[]; file: string }> {
  const list = (name: string) => readFileSync(machine.paths.at(`/etc/squid/postern/${name}.txt`), "utf8");
  const lists = ["allowed-tls", "allowed-web"].map(
    (name) => /^# Catalogue of (.+)$/m.exec(list(name))?.[1] ?? "none",
  );
  const { catalogue, problem } = await catalogueInUse(machine.paths);
  return { lists, file: problem ?? catalogue.version };
}

for (const [title, before] of [
  ["the image's own catalogue", undefined],
  ["an installed catalogue", "2098-01-01"],
] as const) {
  test.serial(
    `killed at any write of an update of ${title}, the machine has the old one or the new one, whole`,
    async (t) => {
      t.timeout(600_000);
      let ended = false;
      const outcomes = { nothing: 0, undone: 0, finished: 0 };
      for (let allowed = 0; !ended; allowed++) {
        const root = tempFolder(t);
        const machine = makeMachine(root);
        machine.answers.set("", {});
        await apply(machine, requestOf(SETTINGS), () => {});
        if (before !== undefined) await update(machine, before);

        ended = (await withWrites(allowed, () => update(machine, "2099-01-01"))) === "ended";
        rmSync(machine.paths.run, { recursive: true, force: true });
        outcomes[await recover(machine)]++;

        const { lists, file } = await dates(machine);
        t.deepEqual(lists, [file, file], `after ${allowed} writes`);
        t.true([before ?? OWN.version, "2099-01-01"].includes(file), `${file} after ${allowed} writes`);
        // The newest entry of the history leads back to what is in force.
        const [newest] = await history(machine);
        t.is(
          (await catalogueOf(machine, newest?.catalogue)).catalogue.version,
          file,
          `after ${allowed} writes`,
        );
        t.false(existsSync(machine.paths.journal));
        await update(machine, "2099-01-01");
        t.deepEqual(await dates(machine), { lists: ["2099-01-01", "2099-01-01"], file: "2099-01-01" });
        t.deepEqual(leftovers(root), [], `after ${allowed} writes`);
        t.true(existsSync(join(root, "/var/lib/postern/catalogues")));
        rmSync(root, { recursive: true });
      }
      // Both ways out were really taken.
      t.true(outcomes.undone > 5 && outcomes.finished > 0, JSON.stringify(outcomes));
    },
  );
}
