import { basename, join } from "node:path";
import type { Paths } from "../paths.ts";
import * as targets from "../paths.ts";
import type { Places, RenderedFile } from "./render.ts";

/** A program that reads one of the new files and says whether it takes it. */
export interface Verdict {
  /** The files that it answers for; with a `/` at the end all below. */
  about: readonly string[];
  command: string;
  args: readonly string[];
  /** The machine does without the program: where it is missing nobody has to be asked. */
  isOptional?: boolean;
  /** A file that only this question needs: where, and what. */
  helper?: readonly [path: string, content: string];
}

/** Where a new file lies while it is checked: where the AppArmor profile of its program lets it look. */
export function stagedPath(paths: Paths, path: string): string {
  const own = [
    ["/etc/squid/", paths.squidStaging],
    ["/etc/chrony/", paths.chronyStaging],
    ["/etc/rsyslog.d/", paths.rsyslogStaging],
  ] as const;
  const folder = own.find(([prefix]) => path.startsWith(prefix))?.[1];
  return folder === undefined ? join(paths.staging, path) : join(folder, basename(path));
}

/** Every folder that files lie in while they are checked. */
export function stagingFolders(paths: Paths): string[] {
  return [paths.staging, paths.squidStaging, paths.chronyStaging, paths.rsyslogStaging];
}

/** Where the staged files look for each other. */
export function stagedPlaces(paths: Paths): Places {
  return {
    lists: paths.squidStaging,
    authority: stagedPath(paths, targets.RSYSLOG_CA),
    peekKey: paths.at(targets.PEEK_KEY),
  };
}

/** Each tool with its question about the staged files; those that do not change lie beside the new ones. */
export function verdicts(paths: Paths, files: readonly RenderedFile[]): Verdict[] {
  const staged = (path: string) => stagedPath(paths, path);
  const squid = [targets.SQUID_CONF, `${targets.SQUID_LISTS}/`];
  return [
    question(squid, "squid", "-k", "parse", "-f", staged(targets.SQUID_CONF)),
    question([targets.NETPLAN], "netplan", "generate", "--root-dir", paths.staging),
    question([targets.UFW_4], "iptables-restore", "--test", staged(targets.UFW_4)),
    question([targets.UFW_6], "ip6tables-restore", "--test", staged(targets.UFW_6)),
    question([targets.UFW_OUT_4], "iptables-restore", "--test", staged(targets.UFW_OUT_4)),
    question([targets.UFW_OUT_6], "ip6tables-restore", "--test", staged(targets.UFW_OUT_6)),
    question([targets.ADMIN_KEYS], "ssh-keygen", "-l", "-f", staged(targets.ADMIN_KEYS)),
    sshd(paths),
    optional([targets.CHRONY_SOURCES], "chronyd", "-p", "-f", staged(targets.CHRONY_SOURCES)),
    rsyslog(paths),
    optional([targets.RSYSLOG_CA], "openssl", ...readCertificates(staged(targets.RSYSLOG_CA))),
    optional([targets.SQUID_ROTATION], "logrotate", "--debug", staged(targets.SQUID_ROTATION)),
    optional([targets.RSYSLOG_ROTATION], "logrotate", "--debug", staged(targets.RSYSLOG_ROTATION)),
    optional([targets.APT_SETTINGS], "apt-config", "dump", `--config-file=${staged(targets.APT_SETTINGS)}`),
    optional([targets.APT_MIRROR], "apt-get", "indextargets", ...onlyList(staged(targets.APT_MIRROR))),
    optional([targets.UPGRADE_TIMER], "systemd-analyze", "calendar", calendarOf(files)),
  ];
}

/** The whole configuration as it will be: of two values the first one counts. */
function sshd(paths: Paths): Verdict {
  const file = join(paths.staging, "sshd_config");
  const lines = [stagedPath(paths, targets.SSHD), paths.at("/etc/ssh/sshd_config")];
  return {
    ...optional([targets.SSHD], "sshd", "-t", "-f", file),
    helper: [file, lines.map((path) => `Include ${path}\n`).join("")],
  };
}

/** By itself the file has no folder for what it remembers, and no rule of the distribution's after it. */
function rsyslog(paths: Paths): Verdict {
  const file = join(paths.rsyslogStaging, "rsyslog.conf");
  const included = `include(file="${stagedPath(paths, targets.RSYSLOG)}")`;
  return {
    ...optional([targets.RSYSLOG], "rsyslogd", "-N1", "-f", file),
    helper: [file, `global(workDirectory="${paths.rsyslogStaging}")\n${included}\n*.* /dev/null\n`],
  };
}

/** openssl-crl2pkcs7(1) reads every certificate of a file, where x509 reads the first. */
function readCertificates(path: string): string[] {
  return ["crl2pkcs7", "-nocrl", "-certfile", path, "-outform", "DER", "-out", "/dev/null"];
}

/** When the timer's drop-in lets updates install. */
function calendarOf(files: readonly RenderedFile[]): string {
  const text = files.find(({ path }) => path === targets.UPGRADE_TIMER)?.content ?? "";
  return /^OnCalendar=(.+)$/m.exec(text)?.[1] ?? "daily";
}

function question(about: readonly string[], command: string, ...args: readonly string[]): Verdict {
  return { about, command, args };
}

function optional(about: readonly string[], command: string, ...args: readonly string[]): Verdict {
  return { about, command, args, isOptional: true };
}

/** apt.conf(5): this list and no other. */
function onlyList(path: string): string[] {
  return ["-o", `Dir::Etc::SourceList=${path}`, "-o", "Dir::Etc::SourceParts=/dev/null"];
}
