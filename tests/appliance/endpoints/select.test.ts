import test from "ava";
import fc from "fast-check";
import { builtInCatalogue } from "../../../appliance/endpoints/catalogue.ts";
import { explain } from "../../../appliance/endpoints/explain.ts";
import { covers, prune } from "../../../appliance/endpoints/prune.ts";
import { selectEndpoints } from "../../../appliance/endpoints/select.ts";
import { allowedTls, allowedTlsRegex } from "../../../appliance/proxy/lists.ts";
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
  extra: [],
  catalogueKeys: [],
};

test("every service of the settings turns something on, and nothing else does", (t) => {
  const choices = new Set(catalogue.services.flatMap((service) => service.choices));

  t.deepEqual([...choices].sort(), ["always", ...SERVICES].sort());
});

test("every entry has a service and sources that the catalogue knows", (t) => {
  const services = new Set(catalogue.services.map(({ id }) => id));
  const sources = new Set(catalogue.sources.map(({ id }) => id));
  for (const entry of catalogue.entries) {
    t.true(services.has(entry.service), entry.host);
    for (const source of entry.sources) t.true(sources.has(source), `${entry.host}: ${source}`);
  }
});

test("the default opens exactly these names", (t) => {
  const { tls, web } = selectEndpoints(BY_DEFAULT);

  t.deepEqual(tls, [
    ".endpoint.security.microsoft.com",
    "config.edge.skype.com",
    "definitionupdates.microsoft.com",
    "go.microsoft.com",
    "www.microsoft.com",
  ]);
  t.deepEqual(web, ["crl.microsoft.com", "ctldl.windowsupdate.com", "go.microsoft.com", "www.microsoft.com"]);
});

const WORKSPACES = [
  ["commercial", "contososensorapi.atp.azure.com"],
  ["gcc", "contososensorapi.gcc.atp.azure.com"],
  ["gcc-high", "contososensorapi.atp.azure.us"],
  ["dod", "contososensorapi.atp.azure.us"],
] as const;
for (const [cloud, host] of WORKSPACES) {
  test(`a workspace in ${cloud} opens its own sensor address and no wildcard`, (t) => {
    const named = selectEndpoints({ ...BY_DEFAULT, cloud, workspaces: ["contoso"] });
    const unnamed = selectEndpoints({ ...BY_DEFAULT, cloud });

    t.true(named.tls.includes(host));
    t.false(named.tls.some((name) => name.startsWith(".") && name.includes("atp.azure")));
    t.false(unnamed.tls.some((name) => name.includes("atp.azure")));
    t.is(unnamed.leftOut.filter(({ why }) => /workspace/.test(why)).length, 1);
  });
}

test("a wildcard gives way to the documented exact names, and stays where there are none", (t) => {
  const commercial = selectEndpoints({ ...BY_DEFAULT, connectivity: "standard", services: ["mde"] });
  const gcc = selectEndpoints({ ...BY_DEFAULT, connectivity: "standard", services: ["mde"], cloud: "gcc" });

  t.false(commercial.tls.includes(".events.data.microsoft.com"));
  t.true(commercial.tls.includes("eu-mobile.events.data.microsoft.com"));
  t.true(gcc.tls.includes(".events.data.microsoft.com"));
});

test("the wildcard form takes the documented wildcard instead, and nothing that anybody can fill", (t) => {
  const choice = { ...BY_DEFAULT, connectivity: "standard", services: SERVICES } as const;
  const { tls } = selectEndpoints({ ...choice, form: "wildcard" });
  const exact = selectEndpoints(choice);

  t.true(tls.includes(".events.data.microsoft.com"));
  t.false(tls.includes("eu-mobile.events.data.microsoft.com"));
  for (const name of exact.tls) t.true(covers(tls, name.replace(/^\./, "")), name);
  const broad = catalogue.entries.filter(({ breadth }) => breadth === "broad").map(({ host }) => host);
  t.deepEqual(
    tls.filter((name) => broad.includes(name)),
    [],
  );
});

test("extra destinations open their own ports for their own names", (t) => {
  const extra = [
    { host: "agent.example.com", ports: [443, 8443] },
    { host: ".updates.example.net", ports: [80] },
    { host: "a.updates.example.net", ports: [80, 8443] },
    { host: ".blob.core.windows.net", ports: [443] },
  ];
  const choice = { ...BY_DEFAULT, services: [...BY_DEFAULT.services, "network-scanner"] } as const;
  const { tls, web, tunnels, leftOut } = selectEndpoints({ ...choice, extra });

  t.true(tls.includes("agent.example.com"));
  t.false(web.includes("agent.example.com"));
  t.deepEqual(
    web.filter((name) => name.endsWith(".example.net")),
    [".updates.example.net"],
  );
  t.deepEqual(tunnels, [{ port: 8443, names: ["a.updates.example.net", "agent.example.com"] }]);
  t.true(tls.includes(".blob.core.windows.net"), "named on purpose");
  t.false(leftOut.some(({ host }) => host === ".blob.core.windows.net"));
});

test("a region leaves the other regions closed", (t) => {
  const { tls } = selectEndpoints({ ...BY_DEFAULT, connectivity: "standard", regions: ["eu"] });

  t.true(tls.includes("winatp-gw-neu.microsoft.com"));
  t.false(tls.includes("winatp-gw-eus.microsoft.com"));
  t.true(tls.includes("events.data.microsoft.com"));
});

test("every cloud, connectivity and set of services renders, sorted, with no name inside another", (t) => {
  const pairs = SERVICES.flatMap((one) => SERVICES.map((other) => [...new Set([one, other])]));
  for (const cloud of CLOUDS) {
    for (const connectivity of CONNECTIVITIES) {
      for (const services of [...pairs, [...SERVICES]]) {
        const choice = { ...BY_DEFAULT, cloud, connectivity, services, workspaces: ["contoso"] };
        const { tls, web } = selectEndpoints(choice, catalogue);
        const title = `${cloud} ${connectivity} ${services}`;

        t.true(web.length > 0, title);
        for (const names of [tls, web]) {
          t.deepEqual(names, [...names].sort(), title);
          t.deepEqual(overlaps(names), [], title);
          t.true(
            names.every((name) => /^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)),
            title,
          );
        }
      }
    }
  }
});

const ALL_BROAD = [
  ...new Set(catalogue.entries.flatMap(({ host, breadth }) => (breadth === "broad" ? [host] : []))),
];

test("the default with a workspace opens no name that other tenants control", (t) => {
  const { tls, patterns, web } = selectEndpoints({ ...BY_DEFAULT, workspaces: ["contoso"] });
  const entries = catalogue.entries.filter(({ host }) =>
    [...tls, ...web, "{workspace}sensorapi.atp.azure.com"].includes(host),
  );

  t.deepEqual(patterns, []);
  t.true(entries.length >= 8);
  for (const { host, breadth } of entries) t.not(breadth, "broad", host);
  for (const host of ALL_BROAD) t.false(covers([...tls, ...web], host.replaceAll("*", "x")), host);
});

test("a broad name is opened where a chosen service uses it and the settings name it, and not by one alone", (t) => {
  const blob = ".blob.core.windows.net";
  const opens = (choice: Partial<Defender>) =>
    selectEndpoints({ ...BY_DEFAULT, ...choice }).tls.includes(blob);

  t.false(opens({ services: ["mde", "azure-arc"] }));
  t.false(opens({ broad: [blob] }));
  t.true(opens({ services: ["mde", "azure-arc"], broad: [blob] }));
  t.false(opens({ services: ["mde", "azure-arc"], broad: [blob], cloud: "dod" }));
  t.false(opens({ services: ["mde", "azure-arc"], broad: [".blob.core.windows"] }));
});

test("a name with a * is a regular expression from the first character to the last", (t) => {
  const azgn = "azgn*.servicebus.windows.net";
  const choice = { ...BY_DEFAULT, services: ["mde", "azure-arc"], broad: [azgn] } as const;
  const selection = selectEndpoints(choice);
  const text = allowedTlsRegex(selection) ?? "";

  t.deepEqual(selection.patterns, [azgn]);
  t.false(selection.tls.some((name) => name.includes("*")));
  t.is(text.trimEnd().split("\n").at(-1), "^azgn[a-z0-9-]*\\.servicebus\\.windows\\.net$");
  t.is(allowedTlsRegex(selectEndpoints(BY_DEFAULT)), undefined);
  // The wider one says it all.
  const both = selectEndpoints({ ...choice, broad: [azgn, ".servicebus.windows.net"] });
  t.deepEqual(both.patterns, []);
  t.true(both.tls.includes(".servicebus.windows.net"));
  t.deepEqual(explain("azgn7.servicebus.windows.net", choice, catalogue).ports, [443]);
  t.deepEqual(explain("azgn7.x.servicebus.windows.net", choice, catalogue).ports, []);
});

test("a list says what it was made from", (t) => {
  const choice = { ...BY_DEFAULT, regions: ["eu"], workspaces: ["contoso"] } as const;
  const text = allowedTls(selectEndpoints(choice));

  t.is(
    text.slice(0, text.indexOf("\n.")),
    `# Names that a tunnel to port 443 may reach.
# Made by posternctl from /etc/postern/settings.yaml; changes here are lost.
# Catalogue of ${catalogue.version}
# Cloud commercial, connectivity streamlined, exact names
# Regions: eu
# Services: mde, mdi
# Identity workspaces: contoso
# Broad names: none
# Extra destinations: none`,
  );
});

test("no choice opens a name that any customer of the cloud can fill", (t) => {
  const broad = new Set(
    catalogue.entries.filter(({ breadth }) => breadth === "broad").map(({ host }) => host),
  );
  for (const cloud of CLOUDS) {
    for (const connectivity of CONNECTIVITIES) {
      const all = {
        ...BY_DEFAULT,
        cloud,
        connectivity,
        services: SERVICES,
        workspaces: ["a"],
        regions: REGIONS,
      };
      const { tls, web } = selectEndpoints(all, catalogue);

      t.deepEqual(
        [...tls, ...web].filter((name) => broad.has(name)),
        [],
      );
      t.false(tls.some((name) => /^\.(blob\.core|azurewebsites|servicebus|windows|microsoft)\./.test(name)));
      t.false(tls.includes(".microsoft.com"));
    }
  }
});

const COVERED: [string, boolean][] = [
  ["endpoint.security.microsoft.com", true],
  ["mdav.eu.endpoint.security.microsoft.com", true],
  ["MDAV.eu.Endpoint.security.microsoft.com.", true],
  ["evilendpoint.security.microsoft.com", false],
  ["security.microsoft.com", false],
  ["endpoint.security.microsoft.com.evil.example", false],
];
for (const [host, expected] of COVERED) {
  test(`${host} is ${expected ? "" : "not "}covered`, (t) => {
    t.is(covers([".endpoint.security.microsoft.com"], host), expected);
  });
}

test("pruning keeps what is covered and leaves no overlap", (t) => {
  const label = fc.constantFrom("a", "b", "c");
  const name = fc
    .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 4 }))
    .map(([dot, labels]) => `${dot ? "." : ""}${labels.join(".")}.example`);
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const pruned = prune(names);

      t.deepEqual(overlaps(pruned), []);
      t.deepEqual(prune([...names].reverse()), pruned);
      for (const one of names) t.true(covers(pruned, one.replace(/^\./, "")), one);
    }),
  );
});

/** Pairs where one name lies in the other's suffix, by comparison of text and so unlike the code under test. */
function overlaps(names: readonly string[]): string[] {
  const wide = names.filter((name) => name.startsWith("."));
  return names.flatMap((name) =>
    wide.filter((other) => other !== name && (`.${name}`.endsWith(other) || name.endsWith(other))),
  );
}
