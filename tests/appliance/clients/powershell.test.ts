import test from "ava";
import fc from "fast-check";
import { inSingleQuotes, powershellText } from "../../../appliance/clients/powershell.ts";
import { skeletonOf } from "./powershelltext.ts";

const FACTS = { address: "10.20.0.5", port: 3128, cloud: "commercial", workspaces: [] } as const;
const TESTS = [
  { host: "a.example.com", path: "/test", expected: 404 },
  { host: "b.example.com", path: "/ping" },
];
const SCRIPT = powershellText(FACTS, TESTS);

test("brackets, strings and comments are whole", (t) => {
  t.deepEqual(skeletonOf(SCRIPT).faults, []);
  t.notDeepEqual(skeletonOf(SCRIPT.replace("exit 0", "exit 0 }")).faults, []);
  t.notDeepEqual(skeletonOf(SCRIPT.replace("'GET'", "'GET").replace("= 'Stop'", "= 'Stop")).faults, []);
});

test("the values are in their places", (t) => {
  const { singles } = skeletonOf(SCRIPT);

  t.regex(SCRIPT, /\$ProxyHost = '10\.20\.0\.5'/);
  t.regex(SCRIPT, /\[int\] \$ProxyPort = 3128,/);
  for (const text of ["TelemetryProxyServer", "DisableEnterpriseAuthProxy", "ProxyServer"])
    t.true(singles.includes(text), text);
  t.true(singles.includes("HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows Defender"));
  t.regex(SCRIPT, /HostName = 'a\.example\.com'; Path = '\/test'; Expected = 404 \}/);
  t.regex(SCRIPT, /HostName = 'b\.example\.com'; Path = '\/ping'; Expected = \$null \}/);
  t.notRegex(SCRIPT, /\{\{|\}\}|&amp;|undefined/);
});

test("no text that is put in leaves its quotes", (t) => {
  const nasty = fc
    .oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^['"\u2018\u2019\u201a\u201b`$(){}; a-z]{0,20}$/),
    )
    .map((text) => text.replaceAll("\n", ""));
  fc.assert(
    fc.property(nasty, (text) => {
      const { singles, faults } = skeletonOf(
        `$x = '${inSingleQuotes(text).replaceAll(/[\u2018-\u201b]{2}/g, "")}'`,
      );
      t.deepEqual(faults, []);
      t.deepEqual(singles, [text.replaceAll(/[\u2018-\u201b]/g, "")]);
    }),
  );
  const script = powershellText({ ...FACTS, address: "a'; Remove-Item C:\\ #" }, TESTS);
  t.true(skeletonOf(script).singles.includes("a'; Remove-Item C:\\ #"));
});

test("it is for Windows PowerShell 5.1: no operator that came later", (t) => {
  const { code } = skeletonOf(SCRIPT);

  t.notRegex(code, /\?\?|\?\.|&&|\|\||\?\s.*:/);
  t.notRegex(SCRIPT, /[^\n\u0020-\u007e]/);
  t.true(SCRIPT.split("\n").every((line) => line.length <= 120));
});

test("every change asks ShouldProcess first, and what the help names is there", (t) => {
  const functions = SCRIPT.split(/^function /m).slice(1);
  const changing = functions.filter((text) =>
    /New-ItemProperty|Remove-ItemProperty|'set', 'proxy'|'reset', 'proxy'|-MDISensorProxyConfiguration/.test(
      text,
    ),
  );

  t.is(changing.length, 5);
  for (const text of changing) t.regex(text, /\$PSCmdlet\.ShouldProcess\([^\n]*\{ return \}/);
  for (const [, name] of SCRIPT.matchAll(/^\.PARAMETER (\w+)$/gm))
    t.regex(SCRIPT, new RegExp(`\\[(string|int|switch)\\] \\$${name}\\b`));
  t.deepEqual(
    [...SCRIPT.matchAll(/^\.PARAMETER (\w+)$/gm)].map(([, name]) => name),
    [...SCRIPT.matchAll(/^ {4}\[(?:string|int|switch)\] \$(\w+)/gm)].map(([, name]) => name),
  );
  for (const section of ["SYNOPSIS", "DESCRIPTION", "EXAMPLE", "NOTES"])
    t.regex(SCRIPT, new RegExp(`^\\.${section}$`, "m"));
});

test("every function is defined before it is called, and each is called", (t) => {
  const defined = [...SCRIPT.matchAll(/^function ([\w-]+)/gm)].map(([, name]) => name ?? "");
  const main = SCRIPT.slice(SCRIPT.lastIndexOf("\nfunction "));

  for (const name of defined) t.true(SCRIPT.split(name).length > 2, name);
  for (const [, name] of main.matchAll(/\b((?:Set|Get|Remove|Reset|Test|Write|Open|Invoke)-[A-Z]\w+)/g)) {
    const isBuiltIn = ["Write-Output", "Set-StrictMode"].includes(name ?? "");
    t.true(isBuiltIn || defined.includes(name ?? ""), name);
  }
});
