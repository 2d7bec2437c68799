import { execFile } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";
import { selectEndpoints } from "../../../appliance/endpoints/select.ts";
import { allowedTls, allowedWeb, clientList } from "../../../appliance/proxy/lists.ts";
import { squidConf, workerCount } from "../../../appliance/proxy/squidconf.ts";
import {
  CLOUDS,
  CONNECTIVITIES,
  type Defender,
  type Proxy as ProxySettings,
  SERVICES,
} from "../../../appliance/settings/settings.ts";
import { layPages } from "../kit/pages.ts";
import { layPeekKey } from "../kit/peekkey.ts";
import { tempFolder } from "../kit/temp.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";
import { type Answer, BEHIND, BEHIND_WITH_LINK, DIRECT, HELLO, type Scenario } from "./scenarios.ts";

const runFile = promisify(execFile);
const CHOICE: Defender = {
  cloud: "commercial",
  regions: [],
  connectivity: "streamlined",
  services: ["mde", "mdi"],
  form: "exact",
  broad: [],
  catalogueKeys: [],
  extra: [],
  workspaces: ["contoso"],
};

const NO_PROXY: ProxySettings = { privateDestinations: [], sniCheck: false };

/** Writes the configuration with its lists into a folder; the text is what the machine would get. */
function lay(folder: string, choice: Defender, { vcpus = 1, proxy = NO_PROXY } = {}): string {
  const selection = selectEndpoints(choice);
  writeFileSync(join(folder, "allowed-tls.txt"), allowedTls(selection));
  writeFileSync(join(folder, "allowed-web.txt"), allowedWeb(selection));
  writeFileSync(join(folder, "clients.txt"), clientList([{ cidr: "10.20.0.0/16" }, { cidr: "fd00:1::/64" }]));
  const conf = join(folder, "squid.conf");
  writeFileSync(
    conf,
    squidConf({
      hostname: "postern",
      vcpus,
      proxy,
      tunnels: selection.tunnels,
      names: selection.tls,
      lists: folder,
      pages: layPages(folder),
      peekKey: layPeekKey(folder),
    }),
  );
  return conf;
}

for (const [vcpus, workers] of [
  [0, 1],
  [1, 1],
  [2, 2],
  [4, 4],
  [64, 4],
] as const) {
  test(`${vcpus} CPUs make ${workers} workers`, (t) => t.is(workerCount(vcpus), workers));
}

testWith(["squid"])(
  "the real Squid takes every cloud, connectivity and service without a complaint",
  async (t) => {
    const folder = tempFolder(t);
    for (const cloud of CLOUDS) {
      for (const connectivity of CONNECTIVITIES) {
        const conf = lay(folder, { ...CHOICE, cloud, connectivity, services: SERVICES }, { vcpus: 4 });
        const { stderr } = await runFile("squid", ["-k", "parse", "-f", conf], { env: TOOL_ENV });
        const complaints = stderr
          .split("\n")
          .filter(
            (line) => !line.includes("| Processing: ") && /WARNING|ERROR|FATAL|Bungled|obsolete/i.test(line),
          );

        // The one warning is about `via off`, which is meant.
        t.deepEqual(
          complaints.filter((line) => !line.endsWith("WARNING: HTTP requires the use of Via")),
          [],
          `${cloud} ${connectivity}`,
        );
      }
    }
  },
);

testWith(["squid"])("the real Squid refuses lists that were not pruned", async (t) => {
  const folder = tempFolder(t);
  const conf = lay(folder, CHOICE);
  writeFileSync(join(folder, "allowed-tls.txt"), "a.example.com\n.example.com\n");

  await t.throwsAsync(runFile("squid", ["-k", "parse", "-f", conf], { env: TOOL_ENV }));
});

interface Outcome {
  results: Record<string, Answer>;
  lines: { rule: string; status: number }[];
  log: string;
  /** Names that Squid looked up. */
  asked: string[];
  /** What the other proxy was asked. */
  passedOn: string[];
}

/** Plays a scenario with the real Squid, and compares each answer and each line of the log. */
async function play(t: ExecutionContext, scenario: Scenario): Promise<Outcome> {
  const folder = tempFolder(t);
  chmodSync(folder, 0o755);
  const logs = join(folder, "log");
  mkdirSync(logs);
  // Squid gives up root for the account of its package.
  chownSync(logs, ...proxyAccount());
  const { proxy, extra } = scenario;
  const conf = lay(folder, { ...CHOICE, extra }, { proxy });
  const text = readFileSync(conf, "utf8")
    .replaceAll("/var/log/squid", logs)
    .replace("/run/squid/squid.pid", join(logs, "squid.pid"))
    .replace("max_filedescriptors 65536", "max_filedescriptors 1024");
  writeFileSync(conf, `${text}hosts_file none\n`);
  writeFileSync(join(folder, "scenario.json"), JSON.stringify(scenario));

  const probe = join(import.meta.dirname, "probe.ts");
  const { stdout } = await runFile(
    "unshare",
    ["-n", process.execPath, probe, conf, join(logs, "access.log"), join(folder, "scenario.json")],
    { env: TOOL_ENV, maxBuffer: 10 * 1024 * 1024, timeout: 90_000 },
  );
  const { log, ...rest } = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "{}");
  const outcome: Outcome = {
    ...rest,
    log,
    lines: log
      .trimEnd()
      .split("\n")
      .map((line: string) => JSON.parse(line)),
  };
  t.is(outcome.lines.length, scenario.expected.length);
  for (const [index, [name, status, rule = "-"]] of scenario.expected.entries()) {
    t.is(outcome.results[name]?.status, status, name);
    t.is(outcome.lines[index]?.rule, rule, name);
    t.is(outcome.lines[index]?.status, status, name);
    const { head = "", body = "" } = outcome.results[name] ?? {};
    t.notRegex(/^Server: .*$/im.exec(head)?.[0] ?? "", /\d/, `no version: ${name}`);
    if (status >= 400) assertPage(t, { name, rule: status === 403 ? rule : "none", body });
  }
  return outcome;
}

/** A short page that says the rule, without anything that a browser would run, fetch or follow. */
function assertPage(t: ExecutionContext, page: { name: string; rule: string; body: string }): void {
  const { name, rule, body } = page;
  t.regex(body, new RegExp(`<p>Rule: ${rule}\\.`), name);
  t.true(body.length < 1500, `${name}: ${body.length} bytes`);
  t.notRegex(body, /squid|\b[5-7]\.\d|@|%[a-z]/i, name);
  const tags = [...body.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag = ""]) => tag.toLowerCase());
  const strange = tags.filter((tag) => !["html", "meta", "title", "h1", "p"].includes(tag));
  t.deepEqual(strange, [], name);
}

const inNamespace = testWith(["squid", "unshare", "ip"], { root: true });

inNamespace("the real Squid lets through what is allowed and nothing else", async (t) => {
  const { results, log, asked, passedOn } = await play(t, DIRECT);

  for (const name of ["allowed tunnel", "extra tunnel", "allowed name that leads to a private destination"])
    t.is(results[name]?.body, "came back", name);
  t.is(results["allowed web"]?.body, "content of the list");
  t.false(log.includes("secret"), "query strings are not kept");
  t.false(asked.includes("www.example.com"), "a refused name costs no look-up");
  t.deepEqual(passedOn, []);
});

inNamespace("behind another proxy everything goes through it, though DNS here knows no name", async (t) => {
  const { results, passedOn } = await play(t, BEHIND);

  t.is(results["allowed tunnel"]?.body, "came back");
  t.is(results["allowed web"]?.body, "content by the other proxy");
  t.deepEqual(passedOn, [
    "CONNECT go.microsoft.com:443",
    "CONNECT go.microsoft.com:443",
    "CONNECT agent.example.com:8443",
    "GET http://www.microsoft.com/pkiops/a.crl?secret=1",
  ]);
});

test("behind another proxy no rule waits for a look-up, unless a Private Link asks for it", (t) => {
  const conf = (proxy: ProxySettings) =>
    squidConf({ hostname: "postern", vcpus: 1, proxy, tunnels: [], names: [] });

  t.notRegex(conf(BEHIND.proxy), /^acl \S+ dst |to_localhost/m);
  t.regex(conf(BEHIND.proxy), /^never_direct allow all$/m);
  t.regex(conf(BEHIND_WITH_LINK.proxy), /^http_access deny private_link inner note_address$/m);
  t.notRegex(conf(DIRECT.proxy), /^(cache_peer|never_direct|always_direct)/m);
});

inNamespace("behind another proxy a Private Link is reached from here, and nothing else is", async (t) => {
  const { results, passedOn } = await play(t, BEHIND_WITH_LINK);

  t.is(results["private destination"]?.body, "came back");
  t.deepEqual(passedOn, ["CONNECT go.microsoft.com:443"]);
});

inNamespace("a tunnel is held to the name in its TLS hello where the settings ask for it", async (t) => {
  const { results } = await play(t, HELLO);

  for (const [name, status, rule] of HELLO.expected) {
    if (status === 200 && !name.endsWith("web"))
      t.is(results[name]?.body === "came back", rule === undefined, name);
  }
});

function proxyAccount(): [number, number] {
  const line = /^proxy:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  return [Number(line?.[1] ?? 0), Number(line?.[2] ?? 0)];
}
