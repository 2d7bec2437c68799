import test from "ava";
import { clientGuide, type GuideFacts } from "../../../appliance/clients/guide.ts";
import { registryText, registryValues } from "../../../appliance/clients/registry.ts";
import { clientTests } from "../../../appliance/clients/tests.ts";
import { selectEndpoints } from "../../../appliance/endpoints/select.ts";
import { DEFAULTS } from "../../../appliance/settings/defaults.ts";
import { CLOUDS, CONNECTIVITIES, REGIONS } from "../../../appliance/settings/settings.ts";

const FACTS: GuideFacts = { address: "192.168.100.200", port: 3128, cloud: "commercial", workspaces: [] };

function pageOf(id: string, facts: GuideFacts = FACTS): string {
  return (
    clientGuide(facts)
      .find((page) => page.id === id)
      ?.lines.join("\n") ?? ""
  );
}

test("every page fits a terminal of 80 columns and is plain ASCII", (t) => {
  for (const cloud of CLOUDS) {
    for (const { id, title, lines } of clientGuide({ ...FACTS, cloud, workspaces: ["contoso-corp"] })) {
      t.true(lines.length > 5, id);
      for (const line of [title, ...lines]) {
        t.true(line.length <= 78, `${id}: ${line}`);
        t.regex(line, /^[\u0020-\u007e]*$/);
      }
    }
  }
});

const SAYS: [string, RegExp[]][] = [
  ["overview", [/TLS inspection/, /login/, /PAC file for the sensor/]],
  ["sensor", [/TelemetryProxyServer {2}REG_SZ {2}192\.168\.100\.200:3128/, /DisableEnterpriseAuthProxy/]],
  [
    "antivirus",
    [/Define proxy server for connecting to the network/, /ProxyServer {2}REG_SZ {2}http:\/\/192/],
  ],
  ["winhttp", [/netsh winhttp set proxy 192\.168\.100\.200:3128/, /netsh winhttp reset proxy/]],
  [
    "identity",
    [/ProxyUrl="http:\/\/192\.168\.100\.200:3128"/, /Set-MDISensorProxyConfiguration/, /LicenseInvalid/],
  ],
  ["linux", [/mdatp config proxy set --value http:\/\/192/, /"cloudService": \{ "proxy": "http:/]],
  ["macos", [/networksetup -setsecurewebproxy Ethernet 192\.168\.100\.200 3128/]],
  ["verify", [/-x http:\/\/192\.168\.100\.200:3128/, /\/mdav\/test\n {2}404 is good/, /407/]],
];
for (const [id, texts] of SAYS) {
  test(`the page ${id} says what is to be set`, (t) => {
    for (const text of texts) t.regex(pageOf(id), text);
  });
}

test("the sensor's page has no scheme before the proxy", (t) => {
  t.notRegex(pageOf("sensor"), /http:\/\/192/);
});

test("the identity page names what is open, by the cloud", (t) => {
  const names = {
    commercial: "atp.azure.com",
    gcc: "gcc.atp.azure.com",
    "gcc-high": "atp.azure.us",
    dod: "atp.azure.us",
  };
  for (const cloud of CLOUDS) {
    const facts = { ...FACTS, cloud, workspaces: ["contoso"] };
    const host = `contososensorapi.${names[cloud]}`;
    t.regex(pageOf("identity", facts), new RegExp(` ${host.replaceAll(".", "\\.")}$`, "m"));
    t.true(selectEndpoints({ ...DEFAULTS.defender, cloud, workspaces: ["contoso"] }).tls.includes(host));
  }
  t.regex(pageOf("identity"), /No workspace is in the settings/);
});

test("the registry file has the form that regedit takes", (t) => {
  const text = registryText(FACTS);

  t.true(text.startsWith("Windows Registry Editor Version 5.00\n\n"));
  for (const line of text.split("\n").slice(1))
    t.regex(
      line,
      /^$|^; |^\[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\[\w \\]+\]$|^"\w+"=("[^"\\]*"|dword:[0-9a-f]{8})$/,
    );
  t.is(text.match(/^"/gm)?.length, registryValues(FACTS).length);
  t.regex(registryText({ ...FACTS, address: 'a"b\\c' }), /"TelemetryProxyServer"="a\\"b\\\\c:3128"/);
});

test("clients test names that are open, at least one whatever is chosen", (t) => {
  for (const cloud of CLOUDS) {
    for (const connectivity of CONNECTIVITIES) {
      for (const regions of [[], ...REGIONS.map((region) => [region])]) {
        const choice = { ...DEFAULTS.defender, cloud, connectivity, regions, workspaces: ["contoso"] };
        const { tls } = selectEndpoints(choice);
        const tests = clientTests(choice);
        const name = `${cloud} ${connectivity} ${regions}`;
        t.true(tests.length > 0 && tests.length <= 6, name);
        for (const { host } of tests)
          t.true(
            tls.some((one) => host === one || (one.startsWith(".") && host.endsWith(one))),
            `${name}: ${host}`,
          );
      }
    }
  }
});

test("tests are of the tenant's region", (t) => {
  const hosts = clientTests({ ...DEFAULTS.defender, regions: ["eu"] }).map(({ host }) => host);

  t.true(hosts.includes("mdav.eu.endpoint.security.microsoft.com"));
  t.false(hosts.some((host) => /us\./.test(host)));
});
