import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { scratch } from "../../kit/scratch.ts";
import { runCli } from "../kit/cli.ts";

const RECIPE = `base: ubuntu-22.04
formats: [ova, vdhx]
disk: { size: 4 }
vm: { cpu: 2 }
mirror: ftp://archive.example/debian
packages: ["-o Evil"]
version: ../../etc
sign: { key: nowhere.pem }
`;

test("every problem of recipe and command line comes at once, with path, expected and got", async (t) => {
  const cwd = await scratch(t);
  await writeFile(join(cwd, "postern.yaml"), RECIPE);
  const args = [
    "build",
    "--formats=ova,iso9660",
    "--keyring=gone.gpg",
    "--jobs=0",
    "--verbos",
    "--out",
    "surplus",
  ];
  const { code, stdout, stderr } = await runCli(args, { cli: "real", cwd });
  t.is(code, 2);
  t.is(stdout, "");
  for (const line of [
    '--jobs: a whole number from 1 to 256; got "0"',
    "--verbos: a flag of this command",
    '--formats[1]: one of ova, vhdx, hyperv, vhd, qcow2, raw, iso; got "iso9660"',
    '--keyring: a file that exists; got "gone.gpg"',
    "postern.yaml: base: one of ubuntu-24.04, ubuntu-26.04, debian-13, auto (did you mean ubuntu-24.04?)",
    'postern.yaml: formats[1]: one of ova, vhdx, hyperv, vhd, qcow2, raw, iso (did you mean vhdx?); got "vdhx"',
    "postern.yaml: disk.size: a whole number from 8 to 2040 (GiB); got 4",
    "postern.yaml: vm.cpu: one of the fields cpus, memory (did you mean cpus?); got 2",
    "postern.yaml: mirror: an http or https address",
    'postern.yaml: packages[0]: the name of a distribution package; got "-o Evil"',
    'postern.yaml: version: a version such as 1.0.0 or 1.0.0-rc.1; got "../../etc"',
    "postern.yaml: sign: sign.key and sign.certificate together",
  ]) {
    t.true(stderr.includes(line), `${line}\nnot in\n${stderr}`);
  }
  t.regex(stderr, /^error input\.recipe: the recipe: 12 problems$/m);
  t.regex(stderr, /^hint: /m);
  t.deepEqual(await readdir(cwd), ["postern.yaml"], "nothing was made");
});

const LINES: { args: string[]; code: number; error: RegExp }[] = [
  {
    args: ["biuld"],
    code: 2,
    error: /^error input\.command: there is no command "biuld" \(did you mean build\?\)$/m,
  },
  {
    args: ["build", "--base", "debian-12"],
    code: 2,
    error: /--base: one of .*\(did you mean debian-13\?\); got "debian-12"/,
  },
  {
    args: ["plan", "--formats", "vmdk"],
    code: 2,
    error: /--formats\[0\]: one of ova, vhdx, hyperv, vhd, qcow2, raw, iso/,
  },
  { args: ["plan", "--formats="], code: 2, error: /--formats: a value; got ""/ },
  { args: ["build", "now"], code: 2, error: /now: only flags; got one word more/ },
  {
    args: ["clean", "--al"],
    code: 2,
    error:
      /^error input\.flags: postern clean: 1 problem\n {2}--al: a flag of this command \(did you mean --all\?\)/m,
  },
  {
    args: ["build", "--recipe", "nowhere.yaml"],
    code: 2,
    error: /nowhere\.yaml: \(document\): a recipe file; got "?ENOENT/,
  },
  { args: ["build", "--settings", "a", "--settings", "b"], code: 2, error: /--settings: only once/ },
  { args: ["build", "--cache", "--json"], code: 2, error: /--cache: a value; got nothing/ },
  { args: ["verify", "nowhere"], code: 2, error: /^error input\.verify: there is no file or folder/m },
];

for (const { args, code, error } of LINES) {
  test(`postern ${args.join(" ")}: exit ${code}`, async (t) => {
    const cwd = await scratch(t);
    const ended = await runCli(args, { cli: "real", cwd });
    t.is(ended.code, code, ended.stderr);
    t.regex(ended.stderr, error);
    t.regex(ended.stderr, /^hint: \S/m);
    t.deepEqual(await readdir(cwd), []);
  });
}

test("SOURCE_DATE_EPOCH that is no time is refused", async (t) => {
  const cwd = await scratch(t);
  const { code, stderr } = await runCli(["plan"], {
    cli: "real",
    cwd,
    env: { SOURCE_DATE_EPOCH: "yesterday" },
  });
  t.is(code, 2);
  t.regex(stderr, /^error input\.epoch: /m);
});

test("verify: a damaged image, a missing one and one without a sum each end with 6", async (t) => {
  const cwd = await scratch(t);
  await mkdir(join(cwd, "dist"));
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  await writeFile(join(cwd, "dist", "SHA256SUMS"), `${empty}  gone.ova\n${empty}  changed.txt\n`);
  await writeFile(join(cwd, "dist", "changed.txt"), "x");
  await writeFile(join(cwd, "dist", "later.vhdx"), "no disk");
  const { code, stdout, stderr } = await runCli(["verify"], { cli: "real", cwd });
  t.is(code, 6);
  t.regex(stdout, /^BAD +gone\.ova .*\n +BAD +there\n +it is not there\n/m);
  t.regex(stdout, /^BAD +changed\.txt .*\n +BAD +SHA256SUMS\n +its SHA-256 is not the one in SHA256SUMS\n/m);
  t.regex(stdout, /^BAD +later\.vhdx .*\n +BAD +SHA256SUMS\n +it is not in SHA256SUMS\n/m);
  t.regex(stdout, /BAD +VHDX: identifier\n +7 bytes are no VHDX\n/);
  t.regex(stderr, /^error artifact\.verify: 3 of 4 files/m);
});
