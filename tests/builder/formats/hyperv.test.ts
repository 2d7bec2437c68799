import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { readHyperv } from "../../../builder/formats/hyperv/read.ts";
import { importScript, readmeText } from "../../../builder/formats/hyperv/texts.ts";
import { writeHyperv } from "../../../builder/formats/hyperv/write.ts";
import { writeVhdx } from "../../../builder/formats/vhdx/write.ts";
import { run } from "../../../builder/host/run.ts";
import { memorySource, withFolder } from "../disk/kit.ts";
import { type Filling, hasHoles, isSame, optionsFor, withFlippedBit, withSource, writeRaw } from "./kit.ts";

const MODEL = { version: "1.0.0", vhdx: "postern-1.0.0.vhdx", sha256: "ab".repeat(32) };

async function zipIn(folder: string): Promise<{ raw: string; vhdx: string; out: string }> {
  const raw = await writeRaw(
    folder,
    "disk.raw",
    Array<Filling>(64).fill("hole").fill("text", 2, 20).fill("noise", 60),
  );
  const vhdx = join(folder, "disk.vhdx");
  await writeVhdx(optionsFor(raw, vhdx));
  const out = join(folder, "postern-hyperv.zip");
  await writeHyperv({ ...optionsFor(raw, out), vhdx, version: "1.0.0" });
  return { raw, vhdx, out };
}

async function hasTool(name: string): Promise<boolean> {
  return (await run("sh", ["-c", `command -v ${name} || true`])).stdout !== "";
}

test("a zip reads back, is the same each time, and Python's reader finds it whole", async (t) => {
  await withFolder(async (folder) => {
    const { raw, vhdx, out } = await zipIn(folder);
    await withSource(out, async (source) => {
      const { disk, problems } = await readHyperv(source);
      t.deepEqual(problems, []);
      t.true(await isSame(disk, raw));
    });
    const again = join(folder, "again.zip");
    await writeHyperv({ ...optionsFor(raw, again), vhdx, version: "1.0.0" });
    t.true((await readFile(again)).equals(await readFile(out)));
    if (!(await hasTool("python3"))) return t.log("skipped the second reader: no python3 on this host");
    await run("python3", ["-m", "zipfile", "-t", out]);
    await run("python3", ["-m", "zipfile", "-e", out, join(folder, "out")]);
    const disk = join(folder, "out", "postern-test.vhdx");
    t.true((await readFile(disk)).equals(await readFile(vhdx)));
    t.false(await hasHoles(disk));
    const script = await readFile(join(folder, "out", "Import-Postern.ps1"), "latin1");
    const sum = createHash("sha256")
      .update(await readFile(disk))
      .digest("hex");
    t.true(script.includes(`$diskHash = '${sum.toUpperCase()}'`));
  });
});

test("a flipped bit is found, or changes nothing that anybody reads", async (t) => {
  await withFolder(async (folder) => {
    const { raw, out } = await zipIn(folder);
    const whole = await readFile(out);
    const memory = memorySource(whole);
    const directory = whole.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
    const early = fc.integer({ min: 0, max: 4000 });
    const late = fc.integer({ min: directory - 300, max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(early, late), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const { disk, problems } = await readHyperv(withFlippedBit(memory, at, bit));
        t.true(problems.length > 0 || (await isSame(disk, raw)), `byte ${at}, bit ${bit}`);
      }),
      { numRuns: 60 },
    );
  });
});

test("a zip that is cut off, or has more, is found", async (t) => {
  await withFolder(async (folder) => {
    const { out } = await zipIn(folder);
    const whole = await readFile(out);
    const changed: [string, Buffer][] = [
      ["empty", Buffer.alloc(0)],
      ["cut", whole.subarray(0, -1)],
      ["half", whole.subarray(0, whole.length / 2)],
      ["more at its end", Buffer.concat([whole, Buffer.alloc(1)])],
      ["more at its start", Buffer.concat([Buffer.alloc(1), whole])],
    ];
    for (const [what, bytes] of changed)
      t.true((await readHyperv(memorySource(bytes))).problems.length > 0, what);
  });
});

test("a zip with other files is found", async (t) => {
  if (!(await hasTool("python3"))) {
    t.log("skipped: no python3 on this host");
    return t.pass();
  }
  await withFolder(async (folder) => {
    const { out } = await zipIn(folder);
    await run("python3", ["-m", "zipfile", "-e", out, join(folder, "out")]);
    const names = ["README.txt", "Import-Postern.ps1", "postern-test.vhdx"];
    const zip = async (list: readonly string[]) => {
      const made = join(folder, "made.zip");
      await run("rm", ["-f", made]);
      await run("python3", ["-m", "zipfile", "-c", made, ...list], { cwd: join(folder, "out") });
      return (await withSource(made, readHyperv)).problems;
    };
    // Python stores sums before the content, and this reader takes both ways.
    t.deepEqual(await zip(names), []);
    t.true((await zip([...names].reverse())).length > 0);
    t.true((await zip(names.slice(1))).length > 0);
    await run("sh", ["-c", "printf x >> postern-test.vhdx && touch -r README.txt postern-test.vhdx"], {
      cwd: join(folder, "out"),
    });
    t.regex((await zip(names)).join("; "), /the script has another SHA-256/);
  });
});

test("the script and the page are ASCII, with the lines that Windows wants, and name the disk", async (t) => {
  for (const text of [await importScript(MODEL), await readmeText(MODEL)]) {
    t.regex(text, /^[\x20-\x7e\r\n]+$/);
    t.notRegex(text, /[^\r]\n/);
    t.notRegex(text, /\{\{|\}\}/);
    t.true(text.includes(MODEL.vhdx));
    t.true(text.toLowerCase().includes(MODEL.sha256));
  }
  t.true((await readmeText(MODEL)).split("\r\n").every((line) => line.length <= 80));
  t.true((await readmeText(MODEL)).split("\r\n").length <= 66);
});

test("a quote in a name stays inside its string", async (t) => {
  t.true((await importScript({ ...MODEL, vhdx: "it's.vhdx" })).includes("$diskName = 'it''s.vhdx'"));
});

test("the script helps, asks with -WhatIf before it changes anything, and says every parameter", async (t) => {
  const script = await importScript(MODEL);
  t.true(script.includes("[CmdletBinding(SupportsShouldProcess = $true)]"));
  const [, block = ""] = /^param\(\r\n([\s\S]*?)^\)/m.exec(script) ?? [];
  const parameters = [...block.matchAll(/^ {4}\[\w+\] \$(\w+)/gm)].map(([, name]) => name);
  t.true(parameters.length >= 10);
  const documented = [...script.matchAll(/^\.PARAMETER (\w+)/gm)].map(([, name]) => name);
  t.deepEqual([...documented].sort(), [...parameters].sort());
  // What changes the host runs behind the one question, or in a function that only runs behind it.
  const asked = script.indexOf("ShouldProcess(");
  const calls = [
    "New-Item",
    "Copy-Item",
    "Clear-FileFlag $disk",
    "New-PosternMachine $folder",
    "Start-VM -Name $Name",
  ];
  for (const call of calls) t.true(script.lastIndexOf(call) > asked, call);
  const [, checks = ""] = /^function Get-CheckedFolder[\s\S]*?\{([\s\S]*?)^\}/m.exec(script) ?? [];
  t.regex(checks, /Get-FileHash/);
  t.notRegex(checks, /^\s*(New|Set|Add|Remove|Copy|Enable|Start)-/m);
  for (const wanted of [
    "MicrosoftUEFICertificateAuthority",
    "sparse setflag $Disk 0",
    "compact.exe /u $Disk",
  ]) {
    t.true(script.includes(wanted), wanted);
  }
  // What Windows PowerShell 5.1 does not know.
  t.notRegex(script, /\?\?|\?\.|&&|\|\||-Parallel|\$IsWindows/);
});

test("PowerShell's own parser takes the script", async (t) => {
  if (!(await hasTool("pwsh"))) {
    t.log("skipped: no pwsh on this host");
    return t.pass();
  }
  const parse =
    "$e = $null; $null = [System.Management.Automation.Language.Parser]::ParseInput($input, [ref]$null, [ref]$e); $e.Count";
  const { stdout } = await run("pwsh", ["-NoProfile", "-Command", parse], {
    input: await importScript(MODEL),
  });
  t.is(stdout.trim(), "0");
});
