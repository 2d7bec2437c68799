import test from "ava";
import fc from "fast-check";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { salvageSettings } from "../../../appliance/settings/salvage.ts";
import { settingsText } from "../../../appliance/settings/text.ts";
import { anySettings, ED25519, FULL, SMALLEST } from "./fixtures.ts";

test("whole settings come through whole, without a problem", (t) => {
  t.deepEqual(salvageSettings(settingsText(FULL), "settings.yaml"), { settings: FULL, problems: [] });
  fc.assert(
    fc.property(anySettings, (settings) => {
      t.deepEqual(salvageSettings(settingsText(settings), "settings.yaml"), { settings, problems: [] });
    }),
    { numRuns: 50 },
  );
});

const CASES: readonly (readonly [title: string, text: string, problems: string[], kept: object])[] = [
  ["nothing at all", "", ["(document)", "clients"], { hostname: "postern", clients: [] }],
  ["no clients", "schema: 1\nhostname: Proxy-01\n", ["clients"], { hostname: "proxy-01", clients: [] }],
  [
    "one bad client among good ones",
    "schema: 1\nclients: [{ cidr: 10.1.0.0/16 }, { cidr: 10.2.0.0/40 }, { cidr: 10.3.0.0/16, label: dmz }]\n",
    ["clients[1].cidr"],
    { clients: [{ cidr: "10.1.0.0/16" }, { cidr: "10.3.0.0/16", label: "dmz" }] },
  ],
  [
    "a client without its network",
    "schema: 1\nclients: [{ label: servers }, { cidr: 10.3.0.0/16 }]\n",
    ["clients[0].cidr"],
    { clients: [{ cidr: "10.3.0.0/16" }] },
  ],
  [
    "networks that overlap: the first stays",
    "schema: 1\nclients: [{ cidr: 10.1.0.0/16 }, { cidr: 10.1.2.0/24 }, { cidr: 10.3.0.0/16 }]\n",
    ["clients"],
    { clients: [{ cidr: "10.1.0.0/16" }, { cidr: "10.3.0.0/16" }] },
  ],
  [
    "a bad gateway leaves the address for somebody to complete",
    `${SMALLEST}network: { mode: static, address: 10.20.0.5 255.255.255.0, gateway: 10.20.0.300, dns: [10.20.0.2] }\n`,
    ["network.gateway"],
    {
      network: {
        ...FULL.network,
        mode: "static",
        address: "10.20.0.5/24",
        gateway: "",
        dns: ["10.20.0.2"],
        search: [],
        ipv6: { mode: "off" },
        routes: [],
        additional: [],
        mac: undefined,
        vlan: undefined,
        mtu: undefined,
      },
    },
  ],
  [
    "an address in the wrong mode means static",
    `${SMALLEST}network: { address: 10.20.0.5/24, gateway: 10.20.0.1 }\n`,
    ["network"],
    {
      network: {
        mode: "static",
        address: "10.20.0.5/24",
        gateway: "10.20.0.1",
        dns: [],
        search: [],
        ipv6: { mode: "off" },
        routes: [],
        additional: [],
      },
    },
  ],
  [
    "a password login without a password keeps the keys",
    `${SMALLEST}admin: { passwordLogin: true, sshKeys: ["${ED25519}"] }\n`,
    ["admin"],
    { admin: { sshKeys: [ED25519], from: [], passwordLogin: false } },
  ],
  ["a field that is none", `${SMALLEST}hostnam: x\nhostname: proxy\n`, ["hostnam"], { hostname: "proxy" }],
  ["another version", "schema: 2\nclients: [{ cidr: 10.1.0.0/16 }]\n", ["schema"], { schema: 1 }],
  [
    "a line that is no YAML spoils its own field alone",
    'schema: 1\nhostname: "proxy\ntime: { zone: Europe/Berlin }\nclients:\n  - cidr: 10.1.0.0/16\n',
    ["line 2"],
    { hostname: "postern", time: { zone: "Europe/Berlin", servers: [], hypervisor: true } },
  ],
  [
    "a tag",
    `${SMALLEST}hostname: !!js/function x\n`,
    ["line 4", "line 4"],
    { clients: [{ cidr: "10.20.0.0/16" }] },
  ],
];

for (const [title, text, problems, kept] of CASES) {
  test(`salvaged: ${title}`, (t) => {
    const salvaged = salvageSettings(text, "settings.yaml");

    t.deepEqual(
      salvaged.problems.map(({ path }) => path),
      problems,
    );
    t.like(salvaged.settings, JSON.parse(JSON.stringify(kept)));
    t.deepEqual(Object.keys(salvaged.settings).sort(), Object.keys(FULL).sort(), "every field is there");
  });
}

test("a secret is never in a problem", (t) => {
  const { problems } = salvageSettings(
    `${SMALLEST}admin: { passwordHash: hunter2hunter2 }\n`,
    "settings.yaml",
  );

  t.is(problems[0]?.path, "admin.passwordHash");
  t.false(JSON.stringify(problems).includes("hunter2"));
});

test("more than a file may hold is refused at once", (t) => {
  const { settings, problems } = salvageSettings(`#${"x".repeat(300_000)}\n${SMALLEST}`, "big.yaml");

  t.deepEqual(settings.clients, []);
  t.is(problems[0]?.path, "big.yaml");
});

test("lists of thousands end in good time", (t) => {
  const many = Array.from({ length: 3000 }, () => "  - cidr: 10.0.0.0/8").join("\n");
  const start = performance.now();
  const { settings } = salvageSettings(`schema: 1\nclients:\n${many}\n`, "settings.yaml");

  t.is(settings.clients.length, 1);
  t.true(performance.now() - start < 20_000);
});

/** Settings with something broken in them: a field of another kind, or text cut and mixed. */
const spoilt = fc.tuple(anySettings, fc.nat(), fc.string(), fc.nat(40)).map(([settings, at, by, length]) => {
  const text = settingsText(settings);
  const place = at % text.length;
  return text.slice(0, place) + by + text.slice(place + length);
});

test("whatever comes: nothing is thrown, and what is without a problem is right", (t) => {
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.string(), fc.json()), (text) => {
      const { settings, problems } = salvageSettings(text, "settings.yaml");
      if (problems.length > 0) return t.true(problems.length <= 50);
      t.deepEqual(parseSettings(settingsText(settings), "settings.yaml"), settings);
    }),
    { numRuns: 400 },
  );
});
