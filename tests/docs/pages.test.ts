import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import test from "ava";
import { COMMANDS } from "../../appliance/commands/registry.ts";
import { PAGES } from "../../docs/generate/pages.ts";
import { TOOL_ENV, testWith } from "../appliance/kit/tools.ts";

const DOCS = new URL("../../docs/", import.meta.url);

for (const [file, make] of Object.entries(PAGES)) {
  test(`docs/${file} is what the code says; else: npm run docs`, (t) => {
    const made = make();

    t.is(readFileSync(new URL(file, DOCS), "utf8"), made);
    t.is(make(), made, "the same again");
    t.notRegex(made, /undefined|\[object|function \(/);
  });
}

test("every command is in the page and in the manual", (t) => {
  const page = PAGES["posternctl.md"]?.() ?? "";
  const manual = PAGES["posternctl.8"]?.() ?? "";
  for (const { name, options } of COMMANDS) {
    t.regex(page, new RegExp(`^## ${name}$`, "m"));
    t.regex(manual, new RegExp(`^\\.SS "posternctl ${name}`, "m"));
    for (const option of options)
      t.true(manual.includes(`\\-\\-${option.name.replaceAll("-", "\\-")}`), option.name);
  }
});

test("tables have as many cells in each row as in their head", (t) => {
  for (const make of Object.values(PAGES)) {
    let cells = 0;
    for (const line of make().split("\n")) {
      const count = line.startsWith("|") ? line.replaceAll("\\|", "").split("|").length : 0;
      if (cells > 0 && count > 0) t.is(count, cells, line);
      cells = count;
    }
  }
});

test("links between the pages lead somewhere", (t) => {
  for (const file of readdirSync(DOCS).filter((name) => name.endsWith(".md"))) {
    const text = readFileSync(new URL(file, DOCS), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g))
      t.true(existsSync(new URL(target, DOCS)), `${file}: ${target}`);
  }
});

testWith(["mandoc"])("mandoc finds no fault in the manual page but that it has no date", (t) => {
  const { status, stdout } = lint(PAGES["posternctl.8"]?.() ?? "");

  t.true(status !== null && status <= 2, stdout);
  t.deepEqual(
    stdout.split("\n").filter((line) => line !== "" && !/missing date/.test(line)),
    [],
  );
  t.regex(lint(".TH A 8\n.SH NAME\n.BOGUS x\n").stdout, /unknown macro/);
});

function lint(page: string) {
  return spawnSync("mandoc", ["-Tlint"], { input: page, encoding: "utf8", env: TOOL_ENV });
}
