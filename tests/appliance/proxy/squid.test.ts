import { execFile } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { selectEndpoints } from "../../../appliance/endpoints/select.ts";
import { allowedTls, allowedWeb, clientList } from "../../../appliance/proxy/lists.ts";
import { squidConf, workerCount } from "../../../appliance/proxy/squidconf.ts";
import { CLOUDS, CONNECTIVITIES, type Defender, SERVICES } from "../../../appliance/settings/settings.ts";
import { tempFolder } from "../kit/temp.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";

const runFile = promisify(execFile);
const CHOICE: Defender = {
  cloud: "commercial",
  regions: [],
  connectivity: "streamlined",
  services: ["mde", "mdi"],
  form: "exact",
  extra: [],
  workspaces: ["contoso"],
};

/** Writes the configuration with its lists into a folder; the text is what the machine would get. */
function lay(folder: string, choice: Defender, vcpus = 1): string {
  const selection = selectEndpoints(choice);
  writeFileSync(join(folder, "allowed-tls.txt"), allowedTls(selection));
  writeFileSync(join(folder, "allowed-web.txt"), allowedWeb(selection));
  writeFileSync(join(folder, "clients.txt"), clientList([{ cidr: "10.20.0.0/16" }, { cidr: "fd00:1::/64" }]));
  const conf = join(folder, "squid.conf");
  writeFileSync(conf, squidConf({ hostname: "postern", vcpus, lists: folder }));
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
        const conf = lay(folder, { ...CHOICE, cloud, connectivity, services: SERVICES }, 4);
        const { stderr } = await runFile("squid", ["-k", "parse", "-f", conf], { env: TOOL_ENV });
        const complaints = stderr
          .split("\n")
          .filter((line) => /WARNING|ERROR|FATAL|Bungled|obsolete/i.test(line));

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

const EXPECTED: [string, number, string | undefined][] = [
  ["allowed tunnel", 200, undefined],
  ["allowed in capitals with a dot", 200, undefined],
  ["another name", 403, "name"],
  ["allowed name, port 22", 403, "port"],
  ["allowed name, port 80", 403, "port"],
  ["an address", 403, "name"],
  ["an IPv6 address", 403, "name"],
  ["a decimal address", 403, "name"],
  ["another client", 403, "client"],
  ["the machine itself", 200, undefined],
  ["the machine itself, another name", 403, "name"],
  ["the machine itself, port 22", 403, "port"],
  ["the machine itself, to its inside", 403, "address"],
  ["the machine itself, cache manager", 403, "manager"],
  ["allowed name that leads inside", 403, "address"],
  ["allowed name that leads to loopback", 403, "address"],
  ["allowed web", 200, undefined],
  ["web to another name", 403, "name"],
  ["web by POST", 403, "method"],
  ["web by TRACE", 403, "method"],
  ["web on another port", 403, "port"],
  ["ftp", 403, "scheme"],
  ["cache manager", 403, "manager"],
  ["a name that would leave JSON", 403, "name"],
];

testWith(["squid", "unshare", "ip"], { root: true })(
  "the real Squid lets through what is allowed and nothing else",
  async (t) => {
    const folder = tempFolder(t);
    chmodSync(folder, 0o755);
    const logs = join(folder, "log");
    mkdirSync(logs);
    // Squid gives up root for the account of its package.
    chownSync(logs, ...proxyAccount());
    const conf = lay(folder, CHOICE);
    const hosts = join(folder, "hosts");
    writeFileSync(
      hosts,
      "198.51.100.7 go.microsoft.com www.microsoft.com www.example.com\n10.0.0.5 definitionupdates.microsoft.com\n127.0.0.1 config.edge.skype.com\n",
    );
    const text = readFileSync(conf, "utf8")
      .replaceAll("/var/log/squid", logs)
      .replace("/run/squid/squid.pid", join(logs, "squid.pid"))
      .replace("max_filedescriptors 65536", "max_filedescriptors 1024");
    writeFileSync(conf, `${text}hosts_file ${hosts}\n`);

    const probe = join(import.meta.dirname, "probe.ts");
    const { stdout } = await runFile(
      "unshare",
      ["-n", process.execPath, probe, conf, join(logs, "access.log")],
      { env: TOOL_ENV, maxBuffer: 10 * 1024 * 1024, timeout: 90_000 },
    );
    const { results, log } = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "{}");
    const lines = log
      .trimEnd()
      .split("\n")
      .map((line: string) => JSON.parse(line));

    t.is(lines.length, EXPECTED.length);
    for (const [index, [name, status, rule = "-"]] of EXPECTED.entries()) {
      t.is(results[name]?.status, status, name);
      t.is(lines[index]?.rule, rule, name);
      t.is(lines[index]?.status, status, name);
      t.false(/\d/.test(results[name]?.server), `no version: ${name}`);
    }
    t.is(results["allowed tunnel"].body, "hello");
    t.is(results["allowed web"].body, "content of the list");
    t.false(log.includes("secret"), "query strings are not kept");
  },
);

function proxyAccount(): [number, number] {
  const line = /^proxy:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  return [Number(line?.[1] ?? 0), Number(line?.[2] ?? 0)];
}
