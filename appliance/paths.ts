import { join } from "node:path";

/**
 * Every path of the appliance that posternctl reads or writes, below a root
 * (`/` on the machine, a scratch folder in tests).
 */
export function pathsUnder(root: string) {
  const at = (path: string): string => join(root, path);
  return {
    root,
    at,
    settings: at(SETTINGS),
    /** Laid by the builder when the recipe names them. */
    bakedSettings: at(BAKED_SETTINGS),
    bakedKeys: at("/usr/lib/postern/baked/admin-keys"),
    /** Keys that may sign a new catalogue; laid by the builder when the recipe names them. */
    catalogueKeys: at("/usr/lib/postern/baked/catalogue-keys"),
    release: at("/usr/lib/postern/release.json"),
    state: at("/var/lib/postern"),
    /** The settings that were put in force last, whole. Its presence means: this machine is configured. */
    confirmed: at("/var/lib/postern/confirmed.yaml"),
    /** The settings that were taken back last. */
    rejected: at("/var/lib/postern/rejected.yaml"),
    /** The last confirmed settings, one file each. */
    history: at("/var/lib/postern/history"),
    /** Catalogues that entries of the history were in force with. */
    catalogues: at("/var/lib/postern/catalogues"),
    catalogue: at(CATALOGUE),
    journal: at("/var/lib/postern/journal.json"),
    staging: at("/var/lib/postern/staging"),
    /** Where the distribution's AppArmor profile lets Squid look, if somebody turns that on. */
    squidStaging: at("/etc/squid/postern-staging"),
    /** The same for the profiles of chronyd and, on Ubuntu, rsyslogd. */
    chronyStaging: at("/etc/chrony/postern-staging"),
    rsyslogStaging: at("/etc/rsyslog.d/postern-staging"),
    /** apt's lists as the image came with them; the builder keeps them aside. */
    shippedSources: at("/usr/lib/postern/apt"),
    previous: at("/var/lib/postern/previous"),
    run: at("/run/postern"),
    lock: at("/run/postern/lock"),
    /** What the boot found in the ways without a keyboard and could not put in force by itself. */
    intake: at("/run/postern/intake.json"),
    /** Exports of machines that the boot found and could not open by itself. */
    foundExports: at("/run/postern/exports.json"),
    /** What cloud-init was given, and by which cloud. */
    userData: at("/var/lib/cloud/instance/user-data.txt"),
    cloudId: at("/run/cloud-init/cloud-id"),
    kernelLog: at("/run/postern/printk"),
    /** A file for each console that wants the kernel to be quiet. */
    quiet: at("/run/postern/quiet"),
    /** The layout that the console has put on the screen. */
    keyboard: at("/run/postern/keyboard"),
    squidPid: at("/run/squid/squid.pid"),
    accessLog: at("/var/log/squid/access.log"),
    cacheLog: at("/var/log/squid/cache.log"),
    /** What takes long to find out for the status screen, kept until it is asked again. */
    serviceTests: at("/run/postern/services.json"),
    pendingUpdates: at("/run/postern/updates.json"),
    rebootRequired: at("/run/reboot-required"),
    hostKeys: at("/etc/ssh"),
    /** sshd does not start without it, and does not check a file either. */
    sshdFolder: at("/run/sshd"),
    shadow: at("/etc/shadow"),
    group: at("/etc/group"),
    passwd: at("/etc/passwd"),
    rsyslogConf: at("/etc/rsyslog.conf"),
    cards: at("/sys/class/net"),
    dmi: at("/sys/class/dmi/id"),
    /** There where the machine was started by UEFI. */
    efi: at("/sys/firmware/efi"),
    /** What the live system of the installation medium found and does; nowhere else. */
    live: at("/run/postern/live"),
    boot: at(BOOT_FACTS),
  } as const;
}

export type Paths = ReturnType<typeof pathsUnder>;

/* Targets of rendered files, as the machine sees them. */
export const SETTINGS = "/etc/postern/settings.yaml";
/** Of root alone; none: the image's own catalogue is used. */
export const CATALOGUE = "/etc/postern/catalogue.json";
/** What the installer needs to know of the image's own boot; laid by the builder. */
export const BOOT_FACTS = "/usr/lib/postern/boot/boot.json";
export const BAKED_SETTINGS = "/usr/lib/postern/baked/settings.yaml";
export const NETPLAN = "/etc/netplan/60-postern.yaml";
/** Beside the file that netplan makes of the main link. */
export const ADVERTISEMENTS = "/etc/systemd/network/10-netplan-postern.network.d/50-postern.conf";
export const HOSTNAME = "/etc/hostname";
export const HOSTS = "/etc/hosts";
export const UFW_CONF = "/etc/ufw/ufw.conf";
export const UFW_4 = "/etc/ufw/user.rules";
export const UFW_6 = "/etc/ufw/user6.rules";
/** ufw reads them after its own rules; what may go out stands there, since the ufw command knows no accounts. */
export const UFW_OUT_4 = "/etc/ufw/after.rules";
export const UFW_OUT_6 = "/etc/ufw/after6.rules";
export const SQUID_CONF = "/etc/squid/squid.conf";
export const SQUID_LISTS = "/etc/squid/postern";
export const SQUID_PAGES = "/usr/share/postern/errors";
/** Says whether a worker of Squid has room for one more tunnel. */
export const SQUID_ROOM = "/usr/lib/postern/proxy-room";
/** Made anew at every start of the machine by its own unit. */
export const PEEK_KEY = "/run/squid-peek/peek.pem";
export const ADMIN_KEYS = "/etc/ssh/authorized_keys/postern";
/** Sorts before the image's own, 10-postern.conf: the first value wins. */
export const SSHD = "/etc/ssh/sshd_config.d/05-postern-settings.conf";
export const CHRONY_SOURCES = "/etc/chrony/sources.d/postern.sources";
export const CHRONY_HYPERVISOR = "/etc/chrony/hypervisor-clock";
export const TIMEZONE = "/etc/timezone";
export const RSYSLOG = "/etc/rsyslog.d/30-postern.conf";
export const RSYSLOG_CA = "/etc/rsyslog.d/postern-ca.pem";
export const JOURNALD = "/etc/systemd/journald.conf.d/50-postern.conf";
export const SQUID_ROTATION = "/etc/logrotate.d/squid";
export const RSYSLOG_ROTATION = "/etc/logrotate.d/rsyslog";
/** Sorts after the image's own, 52postern-upgrades: the last value wins. */
export const APT_SETTINGS = "/etc/apt/apt.conf.d/60postern-settings";
export const APT_MIRROR = "/etc/apt/sources.list.d/postern-mirror.sources";
export const UPGRADE_TIMER = "/etc/systemd/system/apt-daily-upgrade.timer.d/50-postern.conf";
export const KEYBOARD = "/etc/default/keyboard";

/** The one account a person logs in with; made, locked, by the image. */
export const ADMIN = "postern";
export const PROXY_PORT = 3128;
/** On loopback, for the first of Squid's workers; the others have the next ones. */
export const WATCH_PORT = 3131;
