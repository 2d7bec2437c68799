import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { type Statement, statementOf, statementText } from "../../builder/evidence/provenance/statement.ts";
import { run } from "../../builder/host/run.ts";
import { record } from "../builder/reproduce/kit.ts";
import { type GoTool, goWhenAsked, LONGEST_BUILD, makeGoTool } from "../kit/gotool.ts";
import { scratch } from "../kit/scratch.ts";

/**
 * The provenance statement through in-toto's own Go library: read by its protobuf, that takes no field that it does
 * not know, and validated by its rules. `POSTERN_STATEMENT` names the statement of a build to try, too.
 */
const KIT: GoTool = {
  name: "intoto-kit",
  folder: join(import.meta.dirname, "kit"),
  sources: ["main.go", "go.mod", "go.sum"],
  target: ".",
};
const found = await goWhenAsked("POSTERN_INTOTO", KIT);
if ("reason" in found) console.log(`skipped, ${found.reason}: the statement through in-toto's library`);
const serial = "reason" in found ? test.skip : test.serial;

async function judge(file: string): Promise<string> {
  if ("reason" in found) throw new Error(found.reason);
  const program = await makeGoTool(found.go, KIT);
  return (await run(program, [file], { okCodes: [0, 1] })).stdout;
}

const SOURCE = { version: "0.9.0", commit: "c".repeat(40), modified: false, node: "f".repeat(128) };
const FILE = { name: "x.build.json", sha256: "e".repeat(64) };
const STATEMENT = statementOf({ ...record(), source: SOURCE }, FILE);

serial("in-toto's library takes a statement of ours", async (t) => {
  // Go makes the program first.
  t.timeout(LONGEST_BUILD);
  const file = join(await scratch(t), "statement.json");
  await writeFile(file, statementText(STATEMENT));
  t.is(await judge(file), "ok 1 subjects, 3 dependencies\n");
  const built = process.env.POSTERN_STATEMENT;
  if (built !== undefined) t.regex(await judge(built), /^ok \d+ subjects, \d+ dependencies\n$/);
});

const WRONG: readonly [what: string, statement: object][] = [
  ["a field that it does not know", { ...STATEMENT, more: 1 }],
  ["another type", { ...STATEMENT, _type: "https://in-toto.io/Statement/v2" }],
  ["a subject without a digest", { ...STATEMENT, subject: [{ name: "x" }] }],
  ["no builder", withoutBuilder(STATEMENT)],
];
for (const [what, statement] of WRONG) {
  serial(`and it refuses ${what}`, async (t) => {
    const file = join(await scratch(t), "statement.json");
    await writeFile(file, JSON.stringify(statement));
    t.regex(await judge(file), /^(statement|predicate): /);
  });
}

function withoutBuilder(statement: Statement): object {
  const { builder: _, ...runDetails } = statement.predicate.runDetails;
  return { ...statement, predicate: { ...statement.predicate, runDetails } };
}
