import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { loadRecipe, type RecipeFlags } from "../../../builder/recipe/load.ts";
import type { Recipe } from "../../../builder/recipe/recipe.ts";
import { scratch } from "../../kit/scratch.ts";

const EPOCH = "1700000000";

async function load(t: ExecutionContext, files: Readonly<Record<string, string>>, flags: RecipeFlags = {}) {
  const cwd = await scratch(t);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(cwd, name, ".."), { recursive: true });
    await writeFile(join(cwd, name), text);
  }
  const signal = new AbortController().signal;
  const recipe = (): Promise<Recipe> =>
    loadRecipe({ flags, problems: [], cwd, env: { SOURCE_DATE_EPOCH: EPOCH }, signal });
  return { cwd, recipe };
}

/** The error's lines of problems. */
async function problems(t: ExecutionContext, files: Record<string, string>, flags: RecipeFlags = {}) {
  const { recipe } = await load(t, files, flags);
  const error = await t.throwsAsync(recipe());
  return error?.message.split("\n").slice(1);
}

test("an empty recipe is all defaults", async (t) => {
  const { recipe } = await load(t, { "postern.yaml": "" });
  t.deepEqual(await recipe(), {
    base: "auto",
    formats: ["ova", "vhdx", "iso"],
    disk: { size: 16 },
    vm: { cpus: 2, memory: 4096 },
    hardware: [13, 17],
    admin: { sshKeys: [] },
    catalogueKeys: [],
    packages: [],
    overlays: [],
    version: "0.1.0",
    epoch: Number(EPOCH),
    ova: {},
    sign: {},
  });
});

test("flags go over the file; each path counts from where it was written", async (t) => {
  const files = {
    "site/r.yaml":
      "base: debian-13\nformats: [vhd]\nsettings: a.yaml\nkeyring: k.gpg\noverlays: [own]\nepoch: 1600000000\n",
    "site/a.yaml": "",
    "site/k.gpg": "",
    "site/own/overlay.yaml": "",
    "b.yaml": "",
  };
  const flags: RecipeFlags = { "--recipe": "site/r.yaml", "--base": "ubuntu-24.04", "--settings": "b.yaml" };
  const { cwd, recipe } = await load(t, files, flags);
  t.like(await recipe(), {
    base: "ubuntu-24.04",
    formats: ["vhd"],
    settings: join(cwd, "b.yaml"),
    keyring: join(cwd, "site/k.gpg"),
    overlays: [join(cwd, "site/own")],
    epoch: 1600000000,
  });
});

test("the order of formats makes no difference to the build", async (t) => {
  const { recipe } = await load(t, {}, { "--formats": ["qcow2", "ova", "vhd"] });
  t.deepEqual((await recipe()).formats, ["ova", "vhd", "qcow2"]);
});

const YAML: [string, string, RegExp][] = [
  ["a name twice", "base: auto\nbase: auto\n", /line 2: YAML; got Map keys must be unique/],
  ["a tag", "base: !!str auto\n", /line 1: a plain value, no tag/],
  ["an alias", "packages: &a [squid]\noverlays: *a\n", /line 2: the value itself, no alias; got \*a/],
  ["two documents", "base: auto\n---\nbase: auto\n", /YAML; got Source contains multiple documents/],
  ["a list", "- base\n", /\(document\): a group of fields/],
  ["text that is no UTF-8", Buffer.from([0x62, 0xff]).toString("latin1"), /postern\.yaml: \(document\)/],
  ["a book", `# ${"x".repeat(70_000)}\n`, /at most 65536 bytes/],
];
for (const [what, text, problem] of YAML) {
  test(`a recipe with ${what} is refused`, async (t) => {
    t.regex((await problems(t, { "postern.yaml": text }))?.join("\n") ?? "", problem);
  });
}

const FIELDS: [string, string | RegExp][] = [
  ["disk: {size: 7}", "disk.size: a whole number from 8 to 2040 (GiB); got 7"],
  ["disk: {size: 8.5}", "disk.size: a whole number from 8 to 2040 (GiB); got 8.5"],
  ['disk: {size: "16"}', 'disk.size: a whole number from 8 to 2040 (GiB); got "16"'],
  ["disk: 16", "disk: a group of fields; got 16"],
  ["hardware: [13, 17, 19]", "hardware: one or two versions; got [13,17,19]"],
  ["formats: []", "formats: at least one format; got []"],
  ["formats: ova", 'formats: a list of formats (ova, vhdx, hyperv, vhd, qcow2, raw, iso); got "ova"'],
  ["mirror: http://me:secret@archive.example/", /mirror: an http or https address without user and password/],
  ["mirror: http://archive.example/ [trusted=yes]", /mirror: an http or https address/],
  ['mirror: "http://archive.example/\\ndeb x"', /mirror: an http or https address/],
  ["version: 1.0", /version: a version such as 1\.0\.0/],
  ["epoch: 1", "epoch: a whole number from 315532800 to 4354819199 (seconds since 1970); got 1"],
  ["packages: [squid, squid]", 'packages[1]: each only once; got "squid"'],
  ["packages: [squid/testing]", 'packages[0]: the name of a distribution package; got "squid/testing"'],
  ["catalogueKeys: ['ecdsa-sha2-nistp256 AAAA']", /catalogueKeys\[0\]: one line of a \.pub file/],
  ["admin: {sshKeys: ['ssh-ed25519 AAAA']}", /admin\.sshKeys\[0\]: one line of a \.pub file/],
  ["settings: nowhere.yaml", 'settings: a file that exists; got "nowhere.yaml"'],
  ["ova: {eula: nowhere.txt}", 'ova.eula: a file that exists; got "nowhere.txt"'],
  ["sign: {certificate: postern.yaml}", /^sign: sign\.key and sign\.certificate together/],
  ["sign: {key: postern.yaml}", /^sign: sign\.key and sign\.certificate together.*sign\.sshKey/],
  ["sign: {sshKey: no.key}", 'sign.sshKey: a file that exists; got "no.key"'],
  ["sign: {key: postern.yaml, certificate: no.crt}", 'sign.certificate: a file that exists; got "no.crt"'],
  ["overlays: [postern.yaml]", 'overlays[0]: a folder that exists; got "postern.yaml"'],
];
for (const [text, expected] of FIELDS) {
  test(`recipe: ${text}`, async (t) => {
    const [line = "", ...more] = (await problems(t, { "postern.yaml": `${text}\n` })) ?? [];
    t.deepEqual(more, []);
    const problem = line.replace("  postern.yaml: ", "");
    if (typeof expected === "string") t.is(problem, expected);
    else t.regex(problem, expected);
  });
}

test("a mirror's password is not told on", async (t) => {
  const lines = await problems(t, {}, { "--mirror": "http://me:hunter2@archive.example/" });
  t.false(lines?.join().includes("hunter2"));
});
