import test from "ava";
import fc from "fast-check";
import { ovfDocument } from "../../../appliance/intake/ovfdocument.ts";
import { parseOvfEnvironment } from "../../../appliance/intake/ovfenvironment.ts";
import { OVF_SETTINGS } from "../../../appliance/intake/ovfproperties.ts";
import { salvageValue } from "../../../appliance/settings/salvage.ts";
import { ovfEnvironment } from "../../boot/kit/ovfenv.ts";
import { ED25519, YESCRYPT } from "../settings/fixtures.ts";

function documentOf(properties: Readonly<Record<string, string>>) {
  return ovfDocument(parseOvfEnvironment(ovfEnvironment(properties)));
}

test("an environment as vSphere writes it: this machine's properties, and no other's", (t) => {
  const properties = parseOvfEnvironment(ovfEnvironment({ "postern.hostname": 'a & <b> "c"', other: "x" }));

  t.deepEqual(
    [...properties],
    [
      ["postern.hostname", 'a & <b> "c"'],
      ["other", "x"],
    ],
  );
});

const REFUSED: readonly (readonly [why: string, xml: string])[] = [
  ["nothing", ""],
  ["no XML", "guestinfo"],
  ["cut off", ovfEnvironment({ "postern.hostname": "x" }).slice(0, -30)],
  ["a value that was not escaped", ovfEnvironment({}).replace("oe:id", 'x="a & b" oe:id')],
  ["a document type", `<!DOCTYPE Environment>${ovfEnvironment({}).replace(/^<\?.*\?>/, "")}`],
  [
    "an entity of its own",
    `<!DOCTYPE Environment [<!ENTITY a "aaaa">]>${ovfEnvironment({})
      .replace(/^<\?.*\?>/, "")
      .replace("8.0.3", "&a;")}`,
  ],
  ["an unknown entity", ovfEnvironment({}).replace("8.0.3", "&postern;")],
  ["another root", '<Envelope xmlns="http://schemas.dmtf.org/ovf/environment/1"/>'],
  ["another namespace", "<Environment><PropertySection/></Environment>"],
  ["too much", ovfEnvironment({ "postern.hostname": "x".repeat(70_000) })],
  ["too many", ovfEnvironment(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`k${i}`, "v"])))],
];

for (const [why, xml] of REFUSED) {
  test(`refused as an environment: ${why}`, (t) => {
    t.throws(() => parseOvfEnvironment(xml));
  });
}

test("every property finds its place, and together they are whole settings", (t) => {
  const { document, text, problems, unknown } = documentOf({
    "postern.hostname": "Proxy-01",
    "postern.network": "Static",
    "postern.address": "10.20.0.5 255.255.255.0",
    "postern.gateway": "10.20.0.1",
    "postern.dns": "10.20.0.2, 10.20.0.3",
    "postern.search": "example.com",
    "postern.vlan": "20",
    "postern.clients": "10.20.0.0/16=servers, 10.30.5.0/24=dmz 10.40.0.0/16",
    "postern.ssh-keys": `${ED25519}, ${ED25519.replace("admin", "second").replace("HRA4", "HRB4")}`,
    "postern.ssh-from": "10.20.9.0/24",
    "postern.password-hash": YESCRYPT,
    "postern.cloud": "commercial",
    "postern.regions": "EU, us",
    "postern.services": "mde, mdi, windows-update",
    "postern.workspaces": "contoso-corp",
    "postern.upstream-proxy": "proxy.example.com:8080",
    "postern.ntp": "ntp.example.com 10.20.0.1",
    "postern.timezone": "Europe/Berlin",
    "postern.syslog": "udp://10.20.0.9:514",
    "postern.keyboard": "de",
  });
  const salvaged = salvageValue(document);

  t.deepEqual([problems, unknown, salvaged.problems], [[], [], []]);
  t.is(text, undefined);
  t.like(salvaged.settings, {
    hostname: "proxy-01",
    keyboard: { layout: "de" },
    defender: {
      regions: ["eu", "us"],
      services: ["mde", "mdi", "windows-update"],
      workspaces: ["contoso-corp"],
    },
    proxy: { upstream: { host: "proxy.example.com", port: 8080 } },
    time: { zone: "Europe/Berlin", servers: ["ntp.example.com", "10.20.0.1"] },
    logging: { syslog: { host: "10.20.0.9", port: 514, protocol: "udp" } },
    network: {
      ...{ mode: "static", address: "10.20.0.5/24", gateway: "10.20.0.1", vlan: 20 },
      ...{ dns: ["10.20.0.2", "10.20.0.3"], search: ["example.com"] },
    },
  });
  t.deepEqual(salvaged.settings.clients, [
    { cidr: "10.20.0.0/16", label: "servers" },
    { cidr: "10.30.5.0/24", label: "dmz" },
    { cidr: "10.40.0.0/16" },
  ]);
  t.is(salvaged.settings.admin.sshKeys.length, 2);
});

test("blank, white space, null and what is not ours are unset", (t) => {
  const { document, unknown } = documentOf({
    "postern.hostname": "",
    "postern.clients": "  ",
    "postern.dns": "null",
    "postern.gateway": "NULL ",
    "postern.password": "hunter2hunter2",
    hostname: "other",
    "guestinfo.dns": "10.0.0.1",
  });

  t.is(document, undefined);
  t.deepEqual(unknown, ["postern.password"]);
});

test("an address alone means static; said otherwise it is a contradiction and not a guess", (t) => {
  const clients = { "postern.clients": "10.0.0.0/8" };
  const whole = {
    ...clients,
    "postern.address": "10.20.0.5/24",
    "postern.gateway": "10.20.0.1",
    "postern.dns": "10.0.0.2",
  };

  t.deepEqual(salvageValue(documentOf(whole).document).problems, []);
  t.is(salvageValue(documentOf(whole).document).settings.network.mode, "static");
  const contradicting = salvageValue(documentOf({ ...whole, "postern.network": "dhcp" }).document);
  t.deepEqual(
    contradicting.problems.map(({ path }) => path),
    ["network"],
  );
});

const FILE = "# of the author\nschema: 1\nhostname: proxy-07\nclients: [{ cidr: 10.0.0.0/8 }]\n";

for (const [how, value] of [
  ["base64", Buffer.from(FILE).toString("base64")],
  ["as it is", FILE],
] as const) {
  test(`a whole file in one property, ${how}, stays word for word`, (t) => {
    const { text, document } = documentOf({ "postern.settings": value });

    t.is(text, FILE);
    t.like(document, { hostname: "proxy-07" });
  });
}

test("single properties go over a whole file", (t) => {
  const { text, document } = documentOf({
    "postern.settings": Buffer.from(FILE).toString("base64"),
    "postern.hostname": "proxy-08",
    "postern.timezone": "Europe/Berlin",
  });

  t.is(text, undefined);
  t.like(document, { hostname: "proxy-08", time: { zone: "Europe/Berlin" } });
  t.deepEqual(document?.clients, [{ cidr: "10.0.0.0/8" }]);
});

test("bad values are told apart from good ones", (t) => {
  const { document, problems: early } = documentOf({
    "postern.hostname": "not a name!",
    "postern.clients": "10.20.0.0/16 10.300.0.0/16",
    "postern.vlan": "many",
    "postern.upstream-proxy": "proxy.example.com",
    "postern.timezone": "Berlin",
    "postern.settings": "%%%",
    "postern.cloud": "GCC High",
  });
  const { settings, problems } = salvageValue(document);

  t.deepEqual([...early, ...problems].map(({ path }) => path).sort(), [
    "clients[1].cidr",
    "hostname",
    "network.vlan",
    "postern.settings",
    "proxy.upstream.port",
    "time.zone",
  ]);
  t.is(settings.defender.cloud, "gcc-high");
  t.deepEqual(settings.clients, [{ cidr: "10.20.0.0/16" }]);
});

test("no key is one that cloud-init would take, each stands once, each leads into the settings", (t) => {
  const keys = OVF_SETTINGS.map(({ key }) => key);

  t.deepEqual(keys, [...new Set(keys)]);
  for (const { key, label, description, path } of OVF_SETTINGS) {
    t.regex(key, /^postern\.[a-z-]+$/);
    t.true(label.length > 0 && description.length > 0 && description.length < 256, key);
    t.true(path.length <= 2);
  }
});

test("fuzz: any text as an environment, any values as properties", (t) => {
  const environment = ovfEnvironment({ "postern.hostname": "x", "postern.clients": "10.0.0.0/8" });
  const spoilt = fc
    .tuple(fc.nat(environment.length), fc.string(), fc.nat(30))
    .map(([at, by, length]) => environment.slice(0, at) + by + environment.slice(at + length));
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.string()), (xml) => {
      try {
        return parseOvfEnvironment(xml).size <= 512;
      } catch (error) {
        return error instanceof Error;
      }
    }),
    { numRuns: 500 },
  );
  const key = fc.constantFrom(...OVF_SETTINGS.map((one) => one.key));
  const value = fc.oneof(
    fc.string(),
    fc.ipV4(),
    fc.constantFrom("null", "10.0.0.0/8=a", "[::1]:3", "a:b: c"),
  );
  fc.assert(
    fc.property(fc.dictionary(key, value), (properties) => {
      const { document, problems } = ovfDocument(new Map(Object.entries(properties)));
      if (document === undefined) return problems.length === 0;
      return salvageValue(document).settings.schema === 1;
    }),
    { numRuns: 500 },
  );
  t.pass();
});
