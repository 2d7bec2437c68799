import { spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { ovfDocument } from "../../appliance/intake/ovfdocument.ts";
import { OVF_SETTINGS } from "../../appliance/intake/ovfproperties.ts";
import { settingsInUserData } from "../../appliance/intake/userdata.ts";
import { parseSettings } from "../../appliance/settings/parse.ts";
import { check } from "../../appliance/settings/problem.ts";
import { settingsSchema } from "../../appliance/settings/schema.ts";
import { findProbe } from "../../builder/host/packages.ts";
import { PROJECT } from "../builder/kit/cli.ts";
import { scratch } from "../kit/scratch.ts";

const TEMPLATES = join(PROJECT, "templates");
const read = (...path: string[]): Promise<string> => readFile(join(TEMPLATES, ...path), "utf8");
const CLOUD_INIT = (await readdir(join(TEMPLATES, "cloud-init"))).sort();

for (const name of CLOUD_INIT) {
  test(`cloud-init, ${name}: the appliance takes valid settings out of it`, async (t) => {
    const text = await read("cloud-init", name);
    const filled = filledIn(text);
    const written = /content: \|\n((?: {6}.*\n)+)/.exec(filled)?.[1]?.replaceAll(/^ {6}/gm, "");
    const { settings, notes } = settingsInUserData(Buffer.from(filled));
    t.deepEqual(notes, []);
    const { hostname } = parseSettings(settings ?? written ?? "", name);
    t.is(hostname, "proxy-01");
  });
}

/** Newer ones know every field there is; ours is none of them, and they note that in their log and go on. */
const OUR_FIELD = "postern: Additional properties are not allowed ('postern' was unexpected)";

test("cloud-init's own check finds nothing in a cloud-config but our own field", async (t) => {
  const program = await findProbe("cloud-init");
  if (program === undefined) {
    t.log("skipped: no cloud-init on this host");
    return t.pass();
  }
  const folder = await scratch(t);
  const judge = async (text: string): Promise<string> => {
    const file = join(folder, "user-data");
    await writeFile(file, text);
    const { status, stdout, stderr } = spawnSync(program, ["schema", "-c", file], { encoding: "utf8" });
    return status === 0 ? "" : `${stdout}${stderr}`.replace(OUR_FIELD, "");
  };
  for (const name of CLOUD_INIT) {
    const text = await read("cloud-init", name);
    if (/^#cloud-config$/m.test(text)) t.notRegex(await judge(filledIn(text)), /: .+ (is|are|was) /, name);
  }
  t.regex(await judge("#cloud-config\nwrite_files: 3\n"), /write_files: 3 is not of type/);
});

/** cloud-init fills a template in; here that is done for the one name that ours has. */
function filledIn(text: string): string {
  return text.replace("{{ v1.local_hostname }}", "proxy-01").replace(/^## template: jinja\n/, "");
}

test("vSphere by Terraform: properties that the OVA has, and valid settings with them", async (t) => {
  const main = await read("vsphere", "main.tf");
  const [, block = ""] = /properties = \{\n([\s\S]*?)\n {4}\}/.exec(main) ?? [];
  const keys = [...block.matchAll(/^ +"(postern\.[\w-]+)" += /gm)].map(([, key = ""]) => key);
  t.is(keys.length, block.split("\n").length);
  for (const key of keys)
    t.true(
      OVF_SETTINGS.some((one) => one.key === key),
      key,
    );
  const settings = await read("vsphere", "settings.yaml");
  parseSettings(settings, "settings.yaml");
  const example = await read("vsphere", "terraform.tfvars.example");
  const machines = [
    ...example.matchAll(/(proxy-\d+) = \{ address = "(.+?)", gateway = "(.+?)", dns = "(.+?)" \}/g),
  ];
  t.is(machines.length, 2);
  for (const [, hostname = "", address = "", gateway = "", dns = ""] of machines) {
    const values = { settings: Buffer.from(settings).toString("base64"), hostname, address, gateway, dns };
    const properties = new Map(Object.entries(values).map(([key, value]) => [`postern.${key}`, value]));
    t.deepEqual([...properties.keys()].sort(), [...keys].sort());
    const { document, problems } = ovfDocument(properties);
    t.deepEqual([...problems, ...check(settingsSchema, document).problems], []);
  }
});

test("every variable of the Terraform files is declared, used, and in the example or has a default", async (t) => {
  const main = await read("vsphere", "main.tf");
  const variables = await read("vsphere", "variables.tf");
  const example = await read("vsphere", "terraform.tfvars.example");
  const declared = [...variables.matchAll(/^variable "(\w+)" \{\n([\s\S]*?)\n\}/gm)];
  const used = new Set([...main.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name));
  t.deepEqual(declared.map(([, name]) => name).sort(), [...used].sort());
  for (const [, name = "", body = ""] of declared)
    t.true(new RegExp(`^${name}\\s+=`, "m").test(example) || /^ {2}default/m.test(body), name);
});

test("Terraform reads its files, and finds them formatted", async (t) => {
  const program = await findProbe("terraform");
  if (program === undefined) {
    t.log("skipped: no terraform on this host");
    return t.pass();
  }
  const format = (input: string) =>
    spawnSync(program, ["fmt", "-check", "-diff", "-"], { input, encoding: "utf8" });
  for (const name of ["main.tf", "variables.tf", "versions.tf", "terraform.tfvars.example"]) {
    const { status, stdout, stderr } = format(await read("vsphere", name));
    t.is(status, 0, `${name}: ${stdout}${stderr}`);
  }
  t.not(format('variable "x" {\n').status, 0);
});
