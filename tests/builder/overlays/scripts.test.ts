import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";
import { tempFolder } from "../../appliance/kit/temp.ts";

/*
 * The image's small shell scripts, run with another root: every absolute path in their text goes below a scratch
 * folder, and commands of the machine are stand-ins there.
 */

const runFile = promisify(execFile);

async function runScript(script: string, root: string): Promise<number> {
  const url = new URL(`../../../overlays/${script}`, import.meta.url);
  const text = readFileSync(url, "utf8").replaceAll(
    /(?<![\w.*/}])\/(etc|sys|run|var|dev(?!\/null))\//g,
    `${root}/$1/`,
  );
  const place = join(root, "script");
  writeFileSync(place, text);
  mkdirSync(join(root, "bin"), { recursive: true });
  const env = { PATH: `${join(root, "bin")}:/usr/bin:/bin`, LC_ALL: "C.UTF-8" };
  return runFile("sh", [place], { env }).then(
    () => 0,
    (error: { code: number }) => error.code,
  );
}

function lay(root: string, path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  chmodSync(join(root, path), mode);
}

const NETPLAN = "network:\n  ethernets:\n    postern:\n      match:\n        macaddress: 52:54:00:00:00:01\n";
const CARDS: [string, string, Record<string, string>, number][] = [
  ["the card is there", NETPLAN, { eth0: "52:54:00:00:00:01", eth1: "52:54:00:00:00:02" }, 0],
  ["the card is gone and another is there", NETPLAN, { eth0: "52:54:00:00:00:02" }, 1],
  ["no card is there", NETPLAN, {}, 0],
  ["no card is named", "network: {}\n", { eth0: "52:54:00:00:00:02" }, 0],
];
for (const [title, netplan, cards, due] of CARDS) {
  test(`card-missing, ${title}`, async (t) => {
    const root = tempFolder(t);
    lay(root, "etc/netplan/60-postern.yaml", netplan);
    lay(root, "sys/class/net/lo/address", "00:00:00:00:00:00\n");
    for (const [name, mac] of Object.entries(cards)) {
      lay(root, `sys/class/net/${name}/address`, `${mac}\n`);
      lay(root, `sys/class/net/${name}/device/vendor`, "");
    }
    t.is((await runScript("platform/files/usr/lib/postern/card-missing", root)) === 0, due === 1);
  });
}

/** A machine with clocks; a link to /dev/null is as much of a device as the script asks for. */
function clockMachine(t: ExecutionContext, choice: string, clocks: Record<string, string>): string {
  const root = tempFolder(t);
  lay(root, "etc/chrony/hypervisor-clock", `# made\n${choice}\n`);
  lay(root, "run/chrony/hypervisor.conf", "refclock PHC /dev/ptp9\n");
  mkdirSync(join(root, "dev"));
  for (const [name, clock] of Object.entries(clocks)) {
    lay(root, `sys/class/ptp/${name}/clock_name`, `${clock}\n`);
    symlinkSync("/dev/null", join(root, "dev", name));
  }
  lay(root, "bin/systemd-detect-virt", "#!/bin/sh\necho none\nexit 1\n", 0o755);
  return root;
}

for (const [title, choice, clocks, taken] of [
  ["the settings say no", "no", { ptp0: "hyperv" }, undefined],
  ["there is no clock", "yes", {}, undefined],
  ["the clock is a network card's", "yes", { ptp0: "mlx5_ptp" }, undefined],
  ["Hyper-V has one beside a card's", "yes", { ptp0: "mlx5_ptp", ptp1: "hyperv" }, "ptp1"],
  ["KVM has one", "yes", { ptp0: "KVM virtual PTP" }, "ptp0"],
  ["VMware has one", "yes", { ptp0: "ptp_vmw" }, "ptp0"],
] as const) {
  test(`clock-source, ${title}`, async (t) => {
    const root = clockMachine(t, choice, clocks);
    const conf = join(root, "run/chrony/hypervisor.conf");

    t.is(await runScript("platform/files/usr/lib/postern/clock-source", root), 0);

    if (taken === undefined) return t.false(existsSync(conf), "and what was there is gone");
    const line = `refclock PHC ${root}/dev/${taken} poll 3 dpoll -2 offset 0 stratum 2\n`;
    t.is(readFileSync(conf, "utf8"), line);
  });
}

test("dhcp-time hands on the servers of leases, and none beside those of the settings", async (t) => {
  const root = tempFolder(t);
  const sources = join(root, "run/chrony-dhcp/postern.sources");
  lay(root, "run/systemd/netif/leases/2", "ADDRESS=10.0.0.5\nNTP=10.0.0.1 10.0.0.2\n");
  lay(root, "run/systemd/netif/leases/3", "NTP=10.0.0.2 $(id)\n");
  lay(root, "bin/systemctl", "#!/bin/sh\nexit 0\n", 0o755);
  lay(root, "bin/chronyc", `#!/bin/sh\necho "$@" >>${join(root, "asked")}\n`, 0o755);
  const run = () => runScript("platform/files/usr/lib/postern/dhcp-time", root);

  t.is(await run(), 0);
  t.is(readFileSync(sources, "utf8"), "server 10.0.0.1 iburst\nserver 10.0.0.2 iburst\n");
  t.is(await run(), 0);
  t.is(readFileSync(join(root, "asked"), "utf8"), "reload sources\n", "told once");

  lay(root, "etc/chrony/sources.d/postern.sources", "server 192.0.2.1 iburst\n");
  t.is(await run(), 0);
  t.is(readFileSync(sources, "utf8").trim(), "");
});

test("make-log-room removes the oldest rotated logs until there is room, and never the current ones", async (t) => {
  const root = tempFolder(t);
  for (const [index, name] of [
    "access.log.3.gz",
    "access.log.2.gz",
    "access.log.1",
    "access.log",
  ].entries()) {
    lay(root, `var/log/squid/${name}`, "x");
    utimesSync(join(root, "var/log/squid", name), 1000 + index, 1000 + index);
  }
  // Full until two are gone.
  lay(
    root,
    "bin/df",
    `#!/bin/sh\necho Use%\n[ "$(ls ${root}/var/log/squid | wc -l)" -gt 2 ] && echo '  95%' || echo '  40%'\n`,
    0o755,
  );

  t.is(await runScript("logs/files/usr/lib/postern/make-log-room", root), 0);

  t.deepEqual(readdirSync(join(root, "var/log/squid")).sort(), ["access.log", "access.log.1"]);
});
