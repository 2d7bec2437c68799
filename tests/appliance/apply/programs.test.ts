import { execFileSync } from "node:child_process";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { render } from "../../../appliance/apply/render.ts";
import { validate } from "../../../appliance/apply/validate.ts";
import { stagedPlaces } from "../../../appliance/apply/verdicts.ts";
import { pathsUnder } from "../../../appliance/paths.ts";
import { realSystem } from "../../../appliance/system/node.ts";
import { settingsArbitrary } from "../kit/arbitrary.ts";
import { FACTS } from "../kit/facts.ts";
import { lay } from "../kit/machine.ts";
import { layPeekKey } from "../kit/peekkey.ts";
import { tempFolder } from "../kit/temp.ts";
import { hasTool, makeSshdFolder, TOOL_ENV } from "../kit/tools.ts";
import { FULL } from "../settings/fixtures.ts";

/** Programs that read what was rendered; validating asks those that are there. */
const TOOLS = [
  ...["squid", "netplan", "iptables-restore", "ip6tables-restore", "ssh-keygen", "sshd", "chronyd"],
  ...["rsyslogd", "logrotate", "openssl", "apt-config", "apt-get", "systemd-analyze"],
];
/** validate cannot do without these. */
const NEEDED = TOOLS.slice(0, 5);
/** How many random settings, and for how long at most, in milliseconds; somebody who asks for more has the time. */
const ASKED = process.env.POSTERN_RANDOM_SETTINGS;
const ROUNDS = Number(ASKED ?? 40);
const BUDGET = ASKED === undefined ? 50_000 : 3_600_000;

const isRoot = process.getuid?.() === 0;
const canAsk = isRoot && NEEDED.every(hasTool);
if (!canAsk) console.log(`skipped, needs root and ${NEEDED.join(", ")}: any settings before their programs`);
const asking = canAsk ? test.serial : test.skip;

asking("every program takes what any settings make for it", async (t) => {
  t.timeout(BUDGET + 120_000);
  console.log(`not asked, not installed: ${TOOLS.filter((tool) => !hasTool(tool)).join(", ") || "none"}`);
  const end = performance.now() + BUDGET;
  const root = tempFolder(t);
  layHost(root);
  const system = { ...realSystem(), paths: pathsUnder(root) };
  for (const settings of fc.sample(settingsArbitrary, { numRuns: ROUNDS })) {
    if (performance.now() > end) break;
    const files = render(settings, FACTS, "", stagedPlaces(system.paths));
    const all = new Set(files.map(({ path }) => path));
    await t.notThrowsAsync(validate(system, files, all), JSON.stringify(settings));
  }
});

/* A program that would take anything would be no check. */
const SPOILT: [string, string, string][] = [
  ["/etc/squid/squid.conf", "http_access allow nobody_knows\n", "squid"],
  ["/etc/squid/postern/allowed-tls.txt", "a.example.com\n.example.com\n", "squid"],
  [
    "/etc/netplan/60-postern.yaml",
    "network: { version: 2, ethernets: { a: { dhcp4: perhaps } } }\n",
    "netplan",
  ],
  ["/etc/ufw/user.rules", "*filter\n-A INPUT --dport many -j ACCEPT\nCOMMIT\n", "iptables-restore"],
  ["/etc/ssh/sshd_config.d/05-postern-settings.conf", "PasswordAuthentication perhaps\n", "sshd"],
  ["/etc/ssh/authorized_keys/postern", "ssh-ed25519 AAAA\n", "ssh-keygen"],
  ["/etc/chrony/sources.d/postern.sources", "servant ntp.example.com\n", "chronyd"],
  ["/etc/rsyslog.d/30-postern.conf", 'action(type="omfwd" targt="a")\n', "rsyslogd"],
  [
    "/etc/rsyslog.d/postern-ca.pem",
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "openssl",
  ],
  ["/etc/logrotate.d/squid", "/var/log/squid/*.log {\n\tdaily\n\trotate many\n}\n", "logrotate"],
  ["/etc/apt/apt.conf.d/60postern-settings", 'APT::A "1"\nfoo {;\n', "apt-config"],
  ["/etc/apt/sources.list.d/postern-mirror.sources", "Types: deb\nURIs\n", "apt-get"],
  [
    "/etc/systemd/system/apt-daily-upgrade.timer.d/50-postern.conf",
    "[Timer]\nOnCalendar=whenever\n",
    "systemd-analyze",
  ],
];
for (const [path, content, tool] of SPOILT) {
  const spoiling = canAsk && hasTool(tool) ? test.serial : test.skip;
  spoiling(`${tool} refuses a spoilt ${path}`, async (t) => {
    const root = tempFolder(t);
    layHost(root);
    const system = { ...realSystem(), paths: pathsUnder(root) };
    const files = render(FULL, FACTS, "", stagedPlaces(system.paths)).map((file) =>
      file.path === path ? { ...file, content } : file,
    );

    await t.throwsAsync(validate(system, files, new Set([path])), {
      code: "host.rendered",
      message: new RegExp(`^${tool} does not take the new /etc/`),
    });
  });
}

/** What programs look for on a machine beside the files that are rendered. */
function layHost(root: string): void {
  const key = join(root, "etc/ssh/ssh_host_ed25519_key");
  lay(root, "/etc/ssh/sshd_config", `HostKey ${key}\n`);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], { env: TOOL_ENV });
  makeSshdFolder();
  layPeekKey(root);
}
