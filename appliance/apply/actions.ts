import * as targets from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import { adminHash } from "../system/accounts.ts";
import type { Ran, System } from "../system/system.ts";
import { isZoneNew, setZone } from "../time/zone.ts";

/** Netplan waits for links, and starting Squid with four workers on a slow machine takes its time. */
export const SLOW = 180_000;

/** Makes the keymap of /etc/default/keyboard, puts it on the screens, and keeps it for the next start. */
export const KEYMAP = ["--keyboard-only", "--force", "--save"] as const;

export interface Action {
  title: string;
  /** Whether the machine does not yet live by its new files in this respect. */
  isDue(system: System, changed: ReadonlySet<string>, settings: Settings): boolean | Promise<boolean>;
  run(system: System, settings: Settings): Promise<Ran>;
  /** It changes what a start would not bring by itself, so it is done while the machine starts, too. */
  outlivesBoot?: boolean;
  /** Its failure is told and stops nothing. */
  isMild?: boolean;
}

/** What the kernel is told, and by which program: who may come in before what may go out. */
const FIREWALL = [
  ["iptables-restore", targets.UFW_4],
  ["ip6tables-restore", targets.UFW_6],
  ["iptables-restore", targets.UFW_OUT_4],
  ["ip6tables-restore", targets.UFW_OUT_6],
] as const;

const DONE: Ran = { code: 0, stdout: "", stderr: "" };

/**
 * What brings the running machine to its new files, in this order: how it is reached, who may reach it, what it
 * does. Squid is not among them: it comes last and has rules of its own.
 */
export const ACTIONS: readonly Action[] = [
  {
    title: "Network",
    isDue: ifChanged(targets.NETPLAN, targets.ADVERTISEMENTS),
    run: (system) => system.run("netplan", ["apply"], { timeout: SLOW }),
  },
  {
    title: "Name",
    isDue: ifChanged(targets.HOSTNAME),
    run: (system) => system.run("hostname", ["-F", system.paths.at(targets.HOSTNAME)]),
  },
  {
    title: "Firewall",
    isDue: ifChanged(targets.UFW_CONF, ...FIREWALL.map(([, path]) => path)),
    run: reloadFirewall,
  },
  {
    // On Ubuntu a socket starts it, and a process that does not run yet will read the new file.
    title: "SSH",
    isDue: ifChanged(targets.SSHD),
    run: (system) => whenActive(system, "ssh.service", ["systemctl", "reload", "ssh.service"]),
  },
  {
    title: "Time zone",
    isDue: (system, _, { time }) => isZoneNew(system, time.zone),
    run: changeZone,
    outlivesBoot: true,
  },
  {
    title: "Time servers",
    isDue: ifChanged(targets.CHRONY_SOURCES),
    run: renewSources,
  },
  {
    title: "The hypervisor's clock",
    isDue: ifChanged(targets.CHRONY_HYPERVISOR),
    run: (system) => whenActive(system, "chrony.service", ["systemctl", "restart", "chrony.service"]),
  },
  {
    title: "Journal",
    isDue: ifChanged(targets.JOURNALD),
    run: (system) => system.run("systemctl", ["restart", "systemd-journald.service"]),
  },
  {
    title: "Remote log",
    isDue: ifChanged(targets.RSYSLOG, targets.RSYSLOG_CA),
    run: (system) => whenActive(system, "rsyslog.service", ["systemctl", "restart", "rsyslog.service"]),
  },
  { title: "Updates", isDue: ifChanged(targets.UPGRADE_TIMER), run: rereadTimer },
  {
    // There may be no screen, or a console that takes no layout.
    title: "Keyboard",
    isDue: ifChanged(targets.KEYBOARD),
    run: (system) => system.run("setupcon", KEYMAP),
    isMild: true,
  },
  { title: "Password", isDue: isPasswordNew, run: setPassword, outlivesBoot: true },
];

function ifChanged(...paths: readonly string[]): Action["isDue"] {
  return (_, changed) => paths.some((path) => changed.has(path));
}

/** A daemon that is not there, or is off, has nothing to be told. */
async function whenActive(
  system: System,
  unit: string,
  [command = "", ...args]: readonly string[],
): Promise<Ran> {
  const asked = await system.run("systemctl", ["is-active", "--quiet", unit]);
  return asked.code === 0 ? system.run(command, args) : DONE;
}

/**
 * The kernel takes each file of rules whole and at once, so there is no moment without a firewall. `ufw reload`
 * would make one: it writes ENABLED=no into ufw.conf and then yes again, and a power cut between the two leaves
 * a machine that starts without a firewall.
 */
export async function reloadFirewall(system: System): Promise<Ran> {
  const { stdout } = await system.run("ufw", ["status"]);
  if (!/^Status: active$/m.test(stdout)) return system.run("ufw", ["--force", "enable"]);
  for (const [command, path] of FIREWALL) {
    const ran = await system.run(command, ["-n", system.paths.at(path)]);
    if (ran.code !== 0) return ran;
  }
  return DONE;
}

/** rsyslog stamps its lines with the zone that held when it started; systemd's timers follow by themselves. */
async function changeZone(system: System, { time }: Settings): Promise<Ran> {
  await setZone(system, time.zone);
  return whenActive(system, "rsyslog.service", ["systemctl", "restart", "rsyslog.service"]);
}

/** Servers that DHCP named come or go with those of the settings; the image's own unit sees to it. */
async function renewSources(system: System): Promise<Ran> {
  await system.run("systemctl", ["start", "postern-dhcp-time.service"]);
  return whenActive(system, "chrony.service", ["chronyc", "reload", "sources"]);
}

async function rereadTimer(system: System): Promise<Ran> {
  const reread = await system.run("systemctl", ["daemon-reload"]);
  if (reread.code !== 0) return reread;
  const timer = "apt-daily-upgrade.timer";
  return whenActive(system, timer, ["systemctl", "restart", timer]);
}

async function isPasswordNew({ paths }: System, _: unknown, { admin }: Settings): Promise<boolean> {
  return admin.passwordHash !== undefined && (await adminHash(paths)) !== admin.passwordHash;
}

/** The hash goes in by standard input: arguments can be read by every process. */
function setPassword(system: System, { admin }: Settings): Promise<Ran> {
  return system.run("chpasswd", ["-e"], { input: `${targets.ADMIN}:${admin.passwordHash}\n` });
}
