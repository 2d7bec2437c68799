import { spawnSync } from "node:child_process";
import test from "ava";
import fc from "fast-check";
import { ovfDocument } from "../../../appliance/intake/ovfdocument.ts";
import { OVF_SETTINGS } from "../../../appliance/intake/ovfproperties.ts";
import type { Problem } from "../../../appliance/settings/problem.ts";
import { vsphereMachine } from "../../../builder/formats/ova/vsphere.ts";
import { withoutCredentials } from "../../../builder/publish/vsphere/govc.ts";
import { govcOptions } from "../../../builder/publish/vsphere/options.ts";
import {
  checkProperties,
  propertiesOf,
  SETTINGS_PROPERTY,
  settingsProperty,
} from "../../../builder/publish/vsphere/properties.ts";
import { scriptText } from "../../../builder/publish/vsphere/script.ts";
import { type MachineWish, SIZES } from "../../../builder/publish/vsphere/wish.ts";
import { PROJECT, runCli } from "../kit/cli.ts";

const MACHINE: MachineWish = {
  ...{ name: "proxy-01", network: "Servers", size: "small", disk: "thin", place: {} },
  ...{ properties: new Map(), powerOn: false, onEsxi: false, checkUpload: false },
};

test("the sizes that are offered are those of the OVA", (t) => {
  t.deepEqual(
    vsphereMachine(17).sizes.map(({ id }) => id),
    [...SIZES],
  );
});

test("a settings file becomes one property, and the appliance reads it word for word", (t) => {
  const text = "# mine\nschema: 1\nclients: [{ cidr: 10.0.0.0/8 }]\n";
  const value = settingsProperty(text, "a.yaml");
  t.regex(value, /^[A-Za-z0-9+/=]+$/);
  t.is(ovfDocument(new Map([[SETTINGS_PROPERTY, value]])).text, text);
});

test("a settings file that is wrong, or too long for a property, is refused", (t) => {
  t.throws(() => settingsProperty("schema: 1\nclients: [{ cidr: 10.0.0 }]\n", "a.yaml"), {
    message: /clients\[0\]\.cidr/,
  });
  const long = `schema: 1\nclients: [{ cidr: 10.0.0.0/8 }]\n${"# comment\n".repeat(4000)}`;
  t.throws(() => settingsProperty(long, "a.yaml"), { message: /at most 36864 bytes/ });
});

const PROPERTIES: [title: string, words: string[], expected: Record<string, string>, problems: string[]][] = [
  [
    "lists keep their commas",
    ["postern.clients=10.1.0.0/16=a", "10.2.0.0/16", "postern.hostname=p"],
    { "postern.clients": "10.1.0.0/16=a, 10.2.0.0/16", "postern.hostname": "p" },
    [],
  ],
  ["a name that is near", ["postern.hostnme=p"], {}, ["--property"]],
  ["the whole file has a flag of its own", ["postern.settings=x"], {}, ["--property"]],
  ["no name at all", ["hostname=p"], {}, ["--property"]],
  [
    "twice",
    ["postern.dns=1.1.1.1", "postern.dns=1.0.0.1"],
    { "postern.dns": "1.0.0.1" },
    ["--property postern.dns"],
  ],
];

for (const [title, words, expected, paths] of PROPERTIES) {
  test(`--property: ${title}`, (t) => {
    const problems: Problem[] = [];
    t.deepEqual(Object.fromEntries(propertiesOf(words, problems)), expected);
    t.deepEqual(
      problems.map(({ path }) => path),
      paths,
    );
  });
}

test("properties are checked as the appliance reads them, all problems at once", (t) => {
  const properties = new Map([
    ["postern.clients", "10.0.0"],
    ["postern.cloud", "moon"],
  ]);
  const error = t.throws(() => checkProperties(properties));
  t.regex(error.message, /clients\[0\]\.cidr/);
  t.regex(error.message, /defender\.cloud/);
  t.deepEqual(checkProperties(new Map()), { hasHash: false });
});

test("what a shell makes of a dry run's options is what govc gets else, whatever they hold", (t) => {
  const text = fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", ""));
  const hard = fc.oneof(
    text,
    fc.constantFrom("$(id)", "`id`", "\\", '"', "OPTIONS", "\nOPTIONS\n", "$HOME", "'"),
  );
  const keys = OVF_SETTINGS.map(({ key }): string => key).filter((key) => key !== SETTINGS_PROPERTY);
  fc.assert(
    fc.property(fc.constantFrom(...keys), hard, hard, (key, value, network) => {
      const machine = { ...MACHINE, network, properties: new Map([[key, value]]) };
      const script = scriptText({ ova: "/x.ova", machine }, undefined);
      // The shell's own reading of it, with a govc that shows what it is given.
      const { stdout, status } = spawnSync("sh", ["-c", `govc() { test "$1" = about || cat; }\n${script}`], {
        encoding: "utf8",
      });
      t.is(status, 0);
      t.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(govcOptions(machine))));
    }),
    { numRuns: 60 },
  );
});

test("addresses lose who and by which password, and nothing else is touched", (t) => {
  const texts = {
    'Post "https://user:pa:ss@vc.example/sdk": refused': 'Post "https://vc.example/sdk": refused',
    "https://domain\\user:p@ss@[fd00::1]:443/sdk": "https://[fd00::1]:443/sdk",
    "mail admin@example.com at https://vc.example": "mail admin@example.com at https://vc.example",
  };
  for (const [text, expected] of Object.entries(texts)) t.is(withoutCredentials(text), expected);
});

const REFUSED: [flags: string[], expected: RegExp[]][] = [
  [[], [/flags: --name, --library, or both/]],
  [
    ["--name=a/b", "--item=i"],
    [/--name: letters/, /--item: --library too/],
  ],
  [
    ["--name=p", "--size=huge", "--disk=thn"],
    [/--network: the network/, /--size: one of small/, /--disk: one of .*mean thin/],
  ],
  [
    ["--library=l", "--network=n", "--power-on"],
    [/--network: --name too/, /--power-on: --name too/],
  ],
  [["--name=p", "--network=n", "--item=i"], [/--item: --library too/]],
  [["--name=-p", "--network=n"], [/--name: letters/]],
];

for (const [flags, expected] of REFUSED) {
  test(`publish vsphere ${flags.join(" ")}: every problem at once`, async (t) => {
    const { code, stderr, stdout } = await runCli(["publish", "vsphere", ...flags], {
      cli: "real",
      cwd: PROJECT,
    });
    t.is(code, 2);
    t.is(stdout, "");
    for (const one of expected) t.regex(stderr, one);
  });
}
