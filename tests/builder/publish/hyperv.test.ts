import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { findProbe } from "../../../builder/host/packages.ts";
import { run } from "../../../builder/host/run.ts";
import { sha256File } from "../../../builder/host/sha256.ts";
import { powerShellLiteral } from "../../../builder/publish/hyperv/powershell.ts";
import { hypervScript, importParameters } from "../../../builder/publish/hyperv/script.ts";
import type { HypervWish } from "../../../builder/publish/hyperv/wish.ts";
import { scratch } from "../../kit/scratch.ts";
import { PROJECT, runCli } from "../kit/cli.ts";

const WISH: HypervWish = {
  ...{ host: "hv01", zip: { name: "postern-hyperv.zip", sha256: "ab".repeat(32) }, switchName: "Servers" },
  ...{ name: "proxy-01", cpus: 2, memoryGb: 4, generation: 2, start: false, whatIf: false },
};

/** Reads a literal as about_Quoting_Rules and about_Operators have it, by another way than it is written. */
function readLiteral(literal: string): string {
  const inner = literal.startsWith("(") ? literal.slice(1, -1) : literal;
  let rest = inner;
  let text = "";
  for (let first = true; rest !== ""; first = false) {
    if (!first) rest = rest.replace(/^ \+ /, "");
    const string = /^'((?:[^']|'')*)'/.exec(rest);
    const character = /^\[char\]0x([0-9A-F]{4})/.exec(rest);
    if (first && string === null) throw new Error("the first term is no string");
    if (string !== null) text += string[1]?.replaceAll("''", "'");
    else if (character !== null) text += String.fromCharCode(Number.parseInt(character[1] ?? "", 16));
    else throw new Error(rest);
    rest = rest.slice((string ?? character)?.[0].length);
  }
  return text;
}

test("a literal says the same text, in ASCII on one line, whatever it holds", (t) => {
  const hard = fc.constantFrom("'", "’", "‘", "‚", "‛", "”", "$(calc)", "`", "\r\n", "é", "😀", "");
  const text = fc.array(fc.oneof(fc.string({ unit: "binary" }), hard)).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (value) => {
      const literal = powerShellLiteral(value);
      t.regex(literal, /^[\x20-\x7e]+$/);
      t.is(readLiteral(literal), value);
    }),
  );
});

test("the parameters are those that the script in the zip has", async (t) => {
  const template = await readFile(join(PROJECT, "builder/formats/hyperv/import.ps1.mustache"), "utf8");
  const [, block = ""] = /\nparam\(([\s\S]*?)\n\)/.exec(template) ?? [];
  const known = [...block.matchAll(/\] \$(\w+)/g)].map(([, name]) => name);
  t.true(known.length > 8);
  const all: HypervWish = { ...WISH, path: "D:\\VMs", generation: 1, start: true, whatIf: true };
  for (const name of Object.keys(importParameters(all)))
    t.true(known.includes(name) || name === "WhatIf", name);
});

test("the script: nothing on the host before the sum was checked here, and the copy goes in any case", async (t) => {
  const script = await hypervScript({ ...WISH, user: "EX\\o'neil", switchName: "Ünits $x" });
  t.regex(script, /^[\x20-\x7e\n]+$/);
  t.true(script.includes("SwitchName = ('' + [char]0x00DC + 'nits $x')"));
  t.true(script.includes("-UserName 'EX\\o''neil'"));
  t.true(script.includes(`$zipHash = '${"AB".repeat(32)}'`));
  const order = [
    "-ne $zipHash",
    "New-PSSession",
    "Get-VMSwitch",
    "-ToSession",
    "-ne $ZipHash",
    "ExtractToDirectory",
  ];
  const places = order.map((part) => script.indexOf(part));
  t.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  t.false(places.includes(-1));
  const [, last = ""] = script.split("\nfinally {");
  t.regex(last, /Remove-Item -LiteralPath \$Folder -Recurse[\s\S]*Remove-PSSession/);
  t.notRegex(script, /ConvertTo-SecureString|Password/);
  // What Windows PowerShell 5.1 does not know.
  t.notRegex(script, /\?\?|\?\.|&&|\|\||-Parallel|\$IsWindows/);
});

test("PowerShell's own parser takes the script", async (t) => {
  if ((await findProbe("pwsh")) === undefined) {
    t.log("skipped: no pwsh on this host");
    return t.pass();
  }
  const parse =
    "$e = $null; $null = [System.Management.Automation.Language.Parser]::ParseInput($input, [ref]$null, [ref]$e); $e.Count";
  const { stdout } = await run("pwsh", ["-NoProfile", "-Command", parse], {
    input: await hypervScript(WISH),
  });
  t.is(stdout.trim(), "0");
});

test("the command: the zip of a folder with its sum, a changed one, none, two", async (t) => {
  const folder = await scratch(t);
  const flags = ["publish", "hyperv", "--host=hv01", "--switch=Servers", folder];
  const call = () => runCli(flags, { cli: "real", cwd: PROJECT });
  const none = await call();
  t.is(none.code, 2);
  t.regex(none.stderr, /error input\.publish-image: .*-hyperv\.zip/);
  const zip = join(folder, "a-hyperv.zip");
  await writeFile(zip, "zip");
  const sum = await sha256File(zip, new AbortController().signal);
  const alone = await call();
  t.is(alone.code, 0);
  t.true(alone.stdout.includes(sum.toUpperCase()));
  t.regex(alone.stderr, /no sum lies beside/);
  await writeFile(join(folder, "SHA256SUMS"), `${sum}  a-hyperv.zip\n`);
  t.notRegex((await call()).stderr, /no sum lies beside/);
  await writeFile(zip, "zap");
  const changed = await call();
  t.deepEqual([changed.code, changed.stdout], [6, ""]);
  t.regex(changed.stderr, /error artifact\.publish: /);
  await writeFile(join(folder, "b-hyperv.zip"), "zip");
  await mkdir(join(folder, "more"));
  t.regex((await call()).stderr, /holds 2 such images: a-hyperv.zip, b-hyperv.zip/);
});

test("the command tells every problem of its flags at once", async (t) => {
  const flags = ["--host=a b", "--name=x/y", "--path=relative", "--cpus=0", "--memory=4GB", "--generation=3"];
  const { code, stderr } = await runCli(["publish", "hyperv", ...flags], { cli: "real", cwd: PROJECT });
  t.is(code, 2);
  for (const flag of ["--cpus", "--memory", "--generation"]) t.true(stderr.includes(`  ${flag}: `), flag);
  const more = await runCli(["publish", "hyperv", ...flags.slice(0, 3)], { cli: "real", cwd: PROJECT });
  for (const flag of ["--host", "--name", "--path", "--switch"])
    t.true(more.stderr.includes(`  ${flag}: `), flag);
});
