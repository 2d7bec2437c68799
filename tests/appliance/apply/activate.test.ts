import { mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import test from "ava";
import { activate, activateForBoot } from "../../../appliance/apply/activate.ts";
import { needsConfirmation } from "../../../appliance/apply/changes.ts";
import { markUnconfirmed, openJournal } from "../../../appliance/apply/journal.ts";
import { recover } from "../../../appliance/apply/recover.ts";
import type { StepReport } from "../../../appliance/apply/steps.ts";
import * as paths from "../../../appliance/paths.ts";
import type { Settings } from "../../../appliance/settings/settings.ts";
import { lay, type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";
import { FULL, SMALLEST } from "../settings/fixtures.ts";

const { settings: PLAIN } = requestOf(SMALLEST);

async function told(machine: Machine, changed: readonly string[], settings: Settings = PLAIN) {
  const steps: StepReport[] = [];
  machine.ran.length = 0;
  await activate(machine, { paths: new Set(changed), squid: "none" }, settings, (step) => steps.push(step));
  return { ran: [...machine.ran], steps };
}

const RELOADS: [string, readonly string[]][] = [
  [paths.NETPLAN, ["netplan apply"]],
  [paths.ADVERTISEMENTS, ["netplan apply"]],
  [paths.SSHD, ["systemctl is-active --quiet ssh.service", "systemctl reload ssh.service"]],
  [
    paths.CHRONY_SOURCES,
    [
      "systemctl start postern-dhcp-time.service",
      "systemctl is-active --quiet chrony.service",
      "chronyc reload sources",
    ],
  ],
  [
    paths.CHRONY_HYPERVISOR,
    ["systemctl is-active --quiet chrony.service", "systemctl restart chrony.service"],
  ],
  [paths.JOURNALD, ["systemctl restart systemd-journald.service"]],
  [paths.RSYSLOG, ["systemctl is-active --quiet rsyslog.service", "systemctl restart rsyslog.service"]],
  [paths.RSYSLOG_CA, ["systemctl is-active --quiet rsyslog.service", "systemctl restart rsyslog.service"]],
  [
    paths.UPGRADE_TIMER,
    [
      "systemctl daemon-reload",
      "systemctl is-active --quiet apt-daily-upgrade.timer",
      "systemctl restart apt-daily-upgrade.timer",
    ],
  ],
  [paths.KEYBOARD, ["setupcon --keyboard-only --force --save"]],
  // Read by each run of their programs.
  [paths.SQUID_ROTATION, []],
  [paths.APT_SETTINGS, []],
  [paths.APT_MIRROR, []],
];
for (const [path, commands] of RELOADS) {
  test(`a new ${path} is told to its own program alone`, async (t) => {
    t.deepEqual((await told(makeMachine(tempFolder(t)), [path])).ran, commands);
  });
}

test("daemons that are not there have nothing to be told, and nothing fails", async (t) => {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("systemctl is-active", { code: 4 });
  machine.answers.set("systemctl start postern-dhcp-time", { code: 5 });
  const all = [paths.SSHD, paths.CHRONY_SOURCES, paths.CHRONY_HYPERVISOR, paths.RSYSLOG, paths.UPGRADE_TIMER];

  const { ran, steps } = await told(machine, all);

  t.false(ran.some((line) => /reload ssh|chronyc|restart/.test(line)));
  t.true(steps.every(({ state }) => state === "ok"));
});

test("a keyboard that nobody can set is told and stops nothing", async (t) => {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("setupcon", { code: 1, stderr: "no console" });

  const { steps } = await told(machine, [paths.KEYBOARD]);

  t.deepEqual(steps, [{ title: "Keyboard", state: "warn", detail: "no console" }]);
});

test("the zone is a link that follows the settings, and logs take it over", async (t) => {
  const machine = makeMachine(tempFolder(t));

  const { ran } = await told(machine, [], FULL);

  t.is(readlinkSync(machine.paths.at("/etc/localtime")), "/usr/share/zoneinfo/Europe/Berlin");
  t.true(ran.includes("systemctl restart rsyslog.service"));
});

test("while the machine starts only what outlives a boot is done", async (t) => {
  const machine = makeMachine(tempFolder(t));

  await activateForBoot(machine, FULL);

  t.deepEqual(
    machine.ran.filter((line) => !line.includes("rsyslog")),
    ["chpasswd -e", "systemctl is-enabled --quiet squid.service"],
  );
  t.is(readlinkSync(machine.paths.at("/etc/localtime")), "/usr/share/zoneinfo/Europe/Berlin");
});

test("a change that is taken back at boot takes the zone and what systemd has read with it", async (t) => {
  const root = tempFolder(t);
  const machine = makeMachine(root);
  lay(root, "/etc/postern/settings.yaml", SMALLEST);
  lay(root, "/var/lib/postern/confirmed.yaml", SMALLEST);
  const about = { origin: { way: "command" }, squid: "none" } as const;
  const journal = await openJournal(
    machine,
    [paths.HOSTNAME, paths.NETPLAN, paths.UPGRADE_TIMER, paths.KEYBOARD],
    about,
  );
  await markUnconfirmed(machine, journal, 0);
  mkdirSync(machine.paths.at("/etc"), { recursive: true });
  const link = machine.paths.at("/etc/localtime");
  rmSync(link);
  symlinkSync("/usr/share/zoneinfo/Europe/Berlin", link);
  machine.ran.length = 0;

  t.is(await recover(machine), "undone");

  t.is(readlinkSync(link), "/usr/share/zoneinfo/UTC");
  t.true(machine.ran.includes("netplan generate"));
  t.true(machine.ran.includes("systemctl daemon-reload"));
  t.true(machine.ran.includes("setupcon --keyboard-only --force --save"), "console-setup keeps the keymap");
  t.true(
    machine.ran.includes(`hostname -F ${machine.paths.at("/etc/hostname")}`),
    "systemd had read the name",
  );
});

for (const [path, risky] of [
  [paths.NETPLAN, true],
  [paths.ADVERTISEMENTS, false],
  [paths.UFW_4, true],
  [paths.UFW_6, true],
  [paths.SSHD, true],
  [paths.ADMIN_KEYS, true],
  [paths.SQUID_CONF, false],
  [paths.CHRONY_SOURCES, false],
  [paths.RSYSLOG, false],
] as const) {
  test(`${path} ${risky ? "could lock out" : "locks nobody out"}`, (t) => {
    t.is(needsConfirmation(new Set([path])), risky);
  });
}
