import test from "ava";
import fc from "fast-check";
import { builtInCatalogue } from "../../../appliance/endpoints/catalogue.ts";
import { explain } from "../../../appliance/endpoints/explain.ts";
import { openedNames } from "../../../appliance/endpoints/opened.ts";
import { covers } from "../../../appliance/endpoints/prune.ts";
import { selectEndpoints } from "../../../appliance/endpoints/select.ts";
import { hostTests } from "../../../appliance/endpoints/tests.ts";
import { obstaclesOf } from "../../../appliance/endpoints/verdict.ts";
import {
  CLOUDS,
  CONNECTIVITIES,
  type Defender,
  REGIONS,
  SERVICES,
} from "../../../appliance/settings/settings.ts";

const catalogue = builtInCatalogue();
const BY_DEFAULT: Defender = {
  cloud: "commercial",
  regions: [],
  connectivity: "streamlined",
  services: ["mde", "mdi"],
  workspaces: [],
  form: "exact",
  broad: [],
  catalogueKeys: [],
  extra: [],
};

const choices: fc.Arbitrary<Defender> = fc.record({
  cloud: fc.constantFrom(...CLOUDS),
  regions: fc.subarray([...REGIONS]),
  connectivity: fc.constantFrom(...CONNECTIVITIES),
  services: fc.subarray([...SERVICES]),
  workspaces: fc.subarray(["contoso", "fabrikam"]),
  form: fc.constant("exact"),
  broad: fc.constant([]),
  catalogueKeys: fc.constant([]),
  extra: fc.constantFrom([], [{ host: "agent.example.com", ports: [443] }]),
});

test("what has no obstacle is open, and everything that is open has an entry without one", (t) => {
  fc.assert(
    fc.property(choices, (choice) => {
      const { tls, web } = selectEndpoints(choice, catalogue);
      const free = catalogue.entries.filter((entry) => obstaclesOf(entry, choice, catalogue).length === 0);
      for (const { host, ports } of free) {
        for (const name of choice.workspaces.length === 0 ? [host] : choice.workspaces) {
          const plain = host.replace("{workspace}", name).replace(/^\./, "");
          for (const port of ports) t.true(covers(port === 443 ? tls : web, plain), `${plain}:${port}`);
        }
      }
      const rows = openedNames(choice, catalogue);
      for (const name of [...tls, ...web]) {
        const row = rows.find((one) => one.name === name);
        t.true(row !== undefined && row.why.length > 0 && row.services.length > 0, name);
        t.deepEqual(row?.ports.includes(443), covers(tls, name.replace(/^\./, "")), name);
        t.true(explain(name.replace(/^\./, ""), choice, catalogue).ports.length > 0, name);
      }
    }),
    { numRuns: 60 },
  );
});

test("every test is of a name that is open, and each chosen service that opens a host has one", (t) => {
  fc.assert(
    fc.property(choices, (choice) => {
      const { tls, web } = selectEndpoints(choice, catalogue);
      const tests = hostTests(choice, catalogue);
      for (const { host, port } of tests) t.true(covers(port === 443 ? tls : web, host), `${host}:${port}`);
      t.true(tests.some(({ group }) => group === "crl"));
      const groups = new Set(tests.map(({ group }) => group));
      if (choice.services.includes("mde")) t.true(groups.has("mde"), choice.cloud);
      const isMdi = choice.services.includes("mdi");
      for (const name of choice.workspaces) t.is(groups.has(`mdi ${name}`), isMdi);
    }),
    { numRuns: 60 },
  );
});

const WHYS: [
  host: string,
  choice: Partial<Defender>,
  ports: number[],
  why: RegExp,
  setting: string | undefined,
][] = [
  ["mdav.eu.endpoint.security.microsoft.com", {}, [443], /^$/, undefined],
  ["crl.microsoft.com", {}, [80], /^$/, undefined],
  [
    "winatp-gw-weu.microsoft.com",
    {},
    [],
    /it is for connectivity standard; the settings say streamlined/,
    "defender.connectivity: standard",
  ],
  [
    "winatp-gw-weu.microsoft.com",
    { connectivity: "standard", regions: ["us"] },
    [],
    /it is of the region eu; the settings say us/,
    "defender.regions: [us, eu]",
  ],
  [
    "contososensorapi.atp.azure.us",
    { workspaces: ["contoso"] },
    [],
    /it is of the cloud gcc-high, dod; the settings say commercial/,
    "defender.cloud: gcc-high",
  ],
  ["contososensorapi.atp.azure.com", {}, [], /no workspace is named/, "defender.workspaces: [NAME]"],
  [
    "login.microsoftonline.com",
    {},
    [],
    /which is not among the services/,
    "defender.services: [mde, mdi, sign-in]",
  ],
  [
    "client.wns.windows.com",
    { services: ["live-response-push"] },
    [],
    /cannot go through a proxy/,
    undefined,
  ],
  [
    "anything.atp.azure.com",
    { workspaces: ["contoso"] },
    [],
    /opens the Defender for Identity workspaces of every customer/,
    "defender.broad: [.atp.azure.com]",
  ],
  [
    "x.events.data.microsoft.com",
    { connectivity: "standard" },
    [],
    /documented exact names are opened instead/,
    "defender.form: wildcard",
  ],
];
for (const [host, choice, ports, why, setting] of WHYS) {
  test(`${host} with ${JSON.stringify(choice)}`, (t) => {
    const seen = explain(host, { ...BY_DEFAULT, ...choice }, catalogue);
    const [first] = seen.entries;

    t.deepEqual(seen.ports, ports);
    t.regex(first?.obstacles.map((one) => one.why).join("; ") ?? "", why);
    t.is(first?.obstacles[0]?.setting, setting);
  });
}

test("a host that nobody names has no entry, and an extra destination explains itself", (t) => {
  const extra = [{ host: ".agent.example.com", ports: [443, 8443], label: "agent" }];

  t.like(explain("www.example.com", BY_DEFAULT, catalogue), { ports: [], entries: [], extra: [] });
  t.deepEqual(explain("a.agent.example.com", { ...BY_DEFAULT, extra }, catalogue).ports, [443, 8443]);
  t.like(
    openedNames({ ...BY_DEFAULT, extra }, catalogue).find(({ name }) => name === ".agent.example.com"),
    { ports: [443, 8443], services: ["agent"], why: ["extra"] },
  );
});
