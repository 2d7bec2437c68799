import test from "ava";
import { printedPage } from "../../../../appliance/console/asking/printed.ts";
import { TerminalOutput } from "../../../../appliance/console/terminal/terminal.ts";
import { Person } from "../../kit/terminal.ts";

function begin() {
  const person = new Person(40, 9);
  const output = new TerminalOutput(person.output);
  [output.columns, output.rows] = [40, 9];
  const page = printedPage(output, "Postern 1.0.0");
  page.begin("Applying");
  return { person, page };
}

test("what a check says and what to do about it are lines of their own", async (t) => {
  const { person, page } = begin();

  page.print("  FAILED  Gateway: 10.0.0.1 does not answer\n          Is it the right address?");

  await person.see("right address?");
  t.is(
    person.screen.text,
    [
      "Postern 1.0.0",
      "",
      "Applying",
      "  FAILED Gateway: 10.0.0.1 does not",
      "  answer",
      "          Is it the right address?",
    ].join("\n"),
  );
});

test("where they do not all fit, the last lines stay", async (t) => {
  const { person, page } = begin();

  for (let count = 1; count <= 9; count++) page.print(`line ${count}`);

  await person.see("line 9");
  t.regex(person.screen.text, /^Postern 1\.0\.0\n\nApplying\n\.\.\.\n/);
  t.regex(person.screen.text, /line 9$/);
  t.is(person.screen.scrolled, 0);
});
