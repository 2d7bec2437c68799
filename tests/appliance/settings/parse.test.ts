import test from "ava";
import fc from "fast-check";
import { PosternError } from "../../../appliance/error.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { settingsText } from "../../../appliance/settings/text.ts";
import { anySettings, ED25519, FULL, SMALLEST } from "./fixtures.ts";

function problemsOf(text: string): string {
  try {
    parseSettings(text, "settings.yaml");
  } catch (error) {
    if (error instanceof PosternError && error.code === "input.settings") return error.message;
    throw error;
  }
  return "";
}

test("the smallest file gets every default", (t) => {
  t.deepEqual(parseSettings(SMALLEST, "settings.yaml"), {
    schema: 1,
    hostname: "postern",
    keyboard: { layout: "us" },
    network: { mode: "dhcp", dns: [], search: [], ipv6: { mode: "off" }, routes: [], additional: [] },
    clients: [{ cidr: "10.20.0.0/16" }],
    admin: { sshKeys: [], from: [], passwordLogin: false },
    defender: {
      cloud: "commercial",
      regions: [],
      connectivity: "streamlined",
      services: ["mde", "mdi"],
      workspaces: [],
      form: "exact",
      broad: [],
      catalogueKeys: [],
      extra: [],
    },
    proxy: { privateDestinations: [], sniCheck: false },
    time: { zone: "UTC", servers: [], hypervisor: true },
    logging: { retentionDays: 30 },
    updates: { mode: "security" },
  });
});

test("texts are brought into their canonical form", (t) => {
  const settings = parseSettings(
    `schema: 1
hostname: Proxy-01
network: { mac: 52-54-00-AA-BB-CC, mode: static, address: 10.20.0.5 255.255.255.0, gateway: 10.20.0.1, dns: ["FD00:0::1"] }
clients: [{ cidr: "FD00:0001::/64" }]
defender: { workspaces: [Contoso] }
`,
    "settings.yaml",
  );

  t.is(settings.hostname, "proxy-01");
  t.like(settings.network, { mac: "52:54:00:aa:bb:cc", address: "10.20.0.5/24", dns: ["fd00::1"] });
  t.is(settings.clients[0]?.cidr, "fd00:1::/64");
  t.deepEqual(settings.defender.workspaces, ["contoso"]);
});

test("what is written reads back as the same settings", (t) => {
  t.deepEqual(parseSettings(settingsText(FULL), "settings.yaml"), FULL);
  fc.assert(
    fc.property(anySettings, (settings) => {
      t.deepEqual(parseSettings(settingsText(settings), "settings.yaml"), settings);
    }),
  );
});

test("all problems come at once, each with its path", (t) => {
  const message = problemsOf(`schema: 2
foo: 1
hostname: 3
network: { mode: static, address: 10.0.0.1/33 }
clients: []
admin: { sshKeys: [ssh-rsa x] }
defender: { cloud: mars }
`);

  t.regex(message, /^settings\.yaml: 7 problems\n/);
  for (const path of [
    "schema",
    "foo",
    "hostname",
    "network.address",
    "clients",
    "admin.sshKeys[0]",
    "defender.cloud",
  ]) {
    t.true(message.includes(`  ${path}: `), path);
  }
});

const PROBLEMS: [string, string, RegExp][] = [
  ["nothing", "", /\(document\): a map/],
  ["no version", "clients: [{cidr: 10.0.0.0/8}]", /schema: 1, the version/],
  ["no clients", "schema: 1", /clients: at least one network/],
  ["everybody", "schema: 1\nclients: [{cidr: 0.0.0.0/0}]", /clients\[0\]\.cidr: .*everybody/],
  ["host bits", "schema: 1\nclients: [{cidr: 10.20.0.5/16}]", /10\.20\.0\.0\/16 is the network meant/],
  [
    "duplicate",
    `${SMALLEST}  - cidr: 10.20.0.0/16\n    label: b\n`,
    /clients: .*10\.20\.0\.0\/16 and 10\.20\.0\.0\/16 \(b\) are the same/,
  ],
  [
    "overlap",
    `${SMALLEST}  - cidr: 10.20.3.0/24\n    label: b\n`,
    /10\.20\.0\.0\/16 and 10\.20\.3\.0\/24 \(b\) overlap/,
  ],
  ["label that could leave its comment", `${SMALLEST}    label: "a\\nacl b"\n`, /clients\[0\]\.label: /],
  ["static without address", `${SMALLEST}network: { mode: static }`, /network: address/],
  [
    "gateway elsewhere",
    `${SMALLEST}network: { mode: static, address: 10.0.0.5/24, gateway: 10.0.1.1, dns: [10.0.0.2] }`,
    /gateway inside 10\.0\.0\.0\/24/,
  ],
  [
    "gateway is the machine",
    `${SMALLEST}network: { mode: static, address: 10.0.0.5/24, gateway: 10.0.0.5, dns: [10.0.0.2] }`,
    /own address/,
  ],
  [
    "static without DNS",
    `${SMALLEST}network: { mode: static, address: 10.0.0.5/24, gateway: 10.0.0.1 }`,
    /DNS server/,
  ],
  ["address with DHCP", `${SMALLEST}network: { address: 10.0.0.5/24 }`, /mode: static/],
  ["broadcast address", `${SMALLEST}network: { mode: static, address: 10.0.0.255/24 }`, /broadcast/],
  [
    "clear text password",
    `${SMALLEST}admin: { passwordHash: "correct horse" }`,
    /passwordHash: .*got \(hidden\)/,
  ],
  [
    "key with options",
    `${SMALLEST}admin: { sshKeys: ['command="sh" ${ED25519}'] }`,
    /must begin with the key type/,
  ],
  ["SSH from everybody", `${SMALLEST}admin: { from: [0.0.0.0/0] }`, /admin\.from\[0\]: .*everybody/],
  ["identity alone", `${SMALLEST}defender: { services: [mdi] }`, /defender: mde among the services/],
  [
    "unknown service",
    `${SMALLEST}defender: { services: [everything] }`,
    /defender\.services\[0\]: one of mde,/,
  ],
  ["repeated key", "schema: 1\nschema: 1", /line 2: each name once; got a name that was there before/],
  ["alias", "schema: &a 1\nhostname: *a", /line 2: the value itself, no alias/],
  ["tag", `${SMALLEST}hostname: !!str postern`, /no tag/],
  ["foreign tag", `${SMALLEST}hostname: !js postern`, /no tag/],
  ["merge key", `${SMALLEST}<<: { hostname: a }`, /<<: no such field/],
  ["prototype", `${SMALLEST}__proto__: { hostname: a }`, /a field; got __proto__/],
  ["two documents", `${SMALLEST}---\na: 1`, /multiple documents/],
  ["flow bomb", "[".repeat(100_000), /at most 32 levels/],
  ["dash bomb", "- ".repeat(100_000), /at most 32 levels/],
  ["too long", `#${"a".repeat(300_000)}`, /at most 262144 bytes/],
];
for (const [title, text, problem] of PROBLEMS) {
  test(`refused: ${title}`, (t) => t.regex(problemsOf(text), problem));
}

test("a secret in the wrong place is not printed", (t) => {
  const message = problemsOf(`${SMALLEST}admin: [{ passwordHash: hunter2secret }]`);

  t.regex(message, /admin: a map/);
  t.false(message.includes("hunter2secret"));
});

test("whatever the text, it is settings or one error with the code", (t) => {
  const words = fc.constantFrom(
    "schema: 1",
    "clients:",
    "  - cidr: 10.0.0.0/8",
    "a: [",
    "}",
    "&a",
    "*a",
    "!!x",
    "? ",
    "|",
    "'",
    "\t",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(words).map((all) => all.join("\n")),
      ),
      (text) => {
        problemsOf(text);
      },
    ),
    { numRuns: 500 },
  );
  t.pass();
});
