import { execFile } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ExecutionContext } from "ava";
import type { CheckResult } from "../../../appliance/check/check.ts";
import type { ServiceTest } from "../../../appliance/check/services.ts";
import { tempFolder } from "../kit/temp.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";

const runFile = promisify(execFile);
const AUTHORITY = "Postern boot test authority";

const CHECKS: [name: string, state: CheckResult["state"], detail: string][] = [
  ["tls good", "ok", `goodsensorapi.atp.azure.com answers with a certificate from ${AUTHORITY}`],
  ["tls closed", "fail", "closedsensorapi.atp.azure.com: cannot be connected to (503 ERR_CONNECT_FAIL)"],
  [
    "tls inspected",
    "fail",
    `inspectedsensorapi.atp.azure.com: TLS is inspected on the way: the certificate is from ${AUTHORITY}`,
  ],
  [
    "tls other",
    "fail",
    `othersensorapi.atp.azure.com: another server answers: its certificate is for fake cloud, from ${AUTHORITY}`,
  ],
  ["tls cut", "fail", "cutsensorapi.atp.azure.com: connects, but TLS does not come up"],
  ["tls mute", "fail", "mutesensorapi.atp.azure.com: connects, but TLS does not come up"],
  ["tls unlisted", "fail", "unlistedsensorapi.atp.azure.com: is refused by this proxy (403)"],
  [
    "tls no proxy",
    "fail",
    "mdav.us.endpoint.security.microsoft.com: is not asked, because the proxy does not answer",
  ],
  ["tls, names gone", "ok", `goodsensorapi.atp.azure.com answers with a certificate from ${AUTHORITY}`],
  ["dns good", "ok", "www.microsoft.com is 198.51.100.7, says 10.1.1.5"],
  ["dns one mute", "warn", "www.microsoft.com is 198.51.100.7; 10.1.1.7 does not answer"],
  ["dns closed", "fail", "10.1.1.6 does not run a DNS service (port 53 is closed)"],
  ["dns mute", "fail", "10.1.1.7 does not answer"],
  ["dns empty", "fail", "10.1.1.8 answers, but does not know www.microsoft.com"],
  ["dns servfail", "fail", "10.1.1.9 answers, but cannot find www.microsoft.com (SERVFAIL)"],
  ["dns refused", "fail", "10.1.1.10 refuses to answer this machine"],
  [
    "dns without its own resolver",
    "fail",
    "10.1.1.5 answers, but this machine's own resolver does not run a DNS service (port 53 is closed)",
  ],
  ["dns unknown", "fail", "no DNS server is known"],
];

const SERVICES: [name: string, lines: string[]][] = [
  [
    "services us",
    [
      "mde ok: 12 of 12 tests passed",
      "mdi old ok: 1 of 1 tests passed",
      `mdi inspected fail: inspectedsensorapi.atp.azure.com: TLS is inspected on the way: the certificate is from ${AUTHORITY}`,
      "mdi unlisted fail: unlistedsensorapi.atp.azure.com: is refused by this proxy (403)",
      "crl ok: 3 of 3 tests passed",
    ],
  ],
  [
    "services uk",
    ["mde fail: mdav.uk.endpoint.security.microsoft.com: answers 500, expected 404; 2 more of 8 failed"],
  ],
  ["services au", ["mde ok: 6 of 8 tests passed; not in DNS: edr-aus.au.endpoint.security.microsoft.com"]],
  [
    "services, no time",
    [
      "mdi mute fail: mutesensorapi.atp.azure.com: connects, but TLS does not come up",
      "mdi good fail: goodsensorapi.atp.azure.com: was not asked: the time was over",
    ],
  ],
  [
    "services, no proxy",
    [
      "mde fail: mdav.us.endpoint.security.microsoft.com: is not asked, because the proxy does not answer; 39 more of 40 failed",
    ],
  ],
  ["services, unconfigured", []],
];

testWith(["squid", "unshare", "ip", "openssl"], { root: true })(
  "through the real Squid, each fault on the way to the cloud has its own words",
  async (t) => {
    const results = await runWorld(t);

    for (const [name, state, detail] of CHECKS) {
      const seen = results[name] as CheckResult;
      t.like(seen, { state, detail }, name);
      t.is(seen.next !== undefined, state !== "ok", name);
    }
    const gone = results["tls gone"] as CheckResult;
    // The status differs between Squid 5 and 6.
    t.regex(gone.detail, /^gonesensorapi\.atp\.azure\.com: is not found in DNS \(50[03]\)$/);
    for (const [name, lines] of SERVICES) {
      const seen = results[name] as ServiceTest[];
      const said = seen.map(({ id, state, detail }) => `${id} ${state}: ${detail}`);
      t.deepEqual(said.slice(0, lines.length), lines, name);
      for (const { state, next } of seen) t.is(next !== undefined, state === "fail", name);
    }
    const [mde] = results["services us"] as ServiceTest[];
    t.deepEqual(mde?.tested[0], {
      host: "mdav.us.endpoint.security.microsoft.com",
      url: "https://mdav.us.endpoint.security.microsoft.com/mdav/test",
      expected: 404,
      got: 404,
    });
  },
);

async function runWorld(t: ExecutionContext): Promise<Record<string, unknown>> {
  const folder = tempFolder(t);
  chmodSync(folder, 0o755);
  const world = join(import.meta.dirname, "cloudworld.ts");
  const options = { env: TOOL_ENV, maxBuffer: 10 * 1024 * 1024, timeout: 120_000 };
  const { stdout } = await runFile("unshare", ["-n", process.execPath, world, folder], options);
  return JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "{}");
}
