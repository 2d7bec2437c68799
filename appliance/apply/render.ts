import { authorizedKeys, sshNetworks } from "../access/ssh.ts";
import { sshdText } from "../access/sshd.ts";
import { builtInCatalogue } from "../endpoints/catalogue.ts";
import { installedText } from "../endpoints/installed.ts";
import { patternText } from "../endpoints/pattern.ts";
import { selectEndpoints } from "../endpoints/select.ts";
import { afterRules } from "../firewall/after.ts";
import { outgoing } from "../firewall/outgoing.ts";
import { openPorts, UFW_SWITCH, ufwRules } from "../firewall/ufw.ts";
import { keyboardText } from "../keyboard/keyboard.ts";
import { journaldText, rsyslogRotation, squidRotation } from "../logging/retention.ts";
import { authorityText, rsyslogText } from "../logging/rsyslog.ts";
import { hostnameText, hostsText } from "../network/hostfiles.ts";
import { advertisementsText, netplanText } from "../network/netplan.ts";
import * as paths from "../paths.ts";
import { allowedTls, allowedTlsRegex, allowedWeb, clientList } from "../proxy/lists.ts";
import { squidConf } from "../proxy/squidconf.ts";
import type { Settings } from "../settings/settings.ts";
import { chronySources, hypervisorText } from "../time/chrony.ts";
import { timezoneText } from "../time/zone.ts";
import { aptText, upgradeTimer } from "../updates/apt.ts";
import { sourceFiles } from "../updates/archive.ts";
import type { Facts } from "./facts.ts";

/** One file of the machine as the settings want it. */
export interface RenderedFile {
  /** Absolute, as the machine sees it. */
  path: string;
  /** Undefined: the file must not be there. */
  content: string | undefined;
  mode: number;
  /** Its group; `root` where nothing is said. The owner is always root. */
  group?: "proxy";
}

/** Where rendered files look for each other; other places while a change is checked. */
export interface Places {
  /** Folder of Squid's lists. */
  lists: string;
  /** Certificates of the syslog server's authority. */
  authority: string;
  /** Certificate without which Squid looks at no TLS hello. */
  peekKey: string;
}

const OWN_PLACES: Places = { lists: paths.SQUID_LISTS, authority: paths.RSYSLOG_CA, peekKey: paths.PEEK_KEY };

/** A text, or undefined where there must be no file; by its place. */
type Texts = Record<string, string | undefined>;

const SECRET = 0o600;
const GROUP_READABLE = 0o640;
const SHARED = 0o644;

/**
 * Every file that is made from the settings, in the order in which they are swapped in. The settings come
 * last, so that their new text stands only beside files that belong to it.
 *
 * @param text the settings as their author wrote them, comments and all.
 */
export function render(settings: Settings, facts: Facts, text: string, places = OWN_PLACES): RenderedFile[] {
  const { network, admin, hostname } = settings;
  const { accounts, adopted, ownNetworks } = facts;
  const installed = facts.catalogue?.installed;
  const ports = openPorts(settings.clients, sshNetworks(settings, ownNetworks));
  const ways = outgoing({ settings, isMirrored: facts.shippedSources.length > 0 });
  const firewall = {
    [paths.UFW_4]: ufwRules(ports, 4),
    [paths.UFW_6]: ufwRules(ports, 6),
    [paths.UFW_OUT_4]: afterRules(ways, 4, accounts),
    [paths.UFW_OUT_6]: afterRules(ways, 6, accounts),
  };
  const access = {
    [paths.ADVERTISEMENTS]: advertisementsText(network),
    [paths.HOSTNAME]: hostnameText(hostname),
    [paths.HOSTS]: hostsText(hostname),
    [paths.ADMIN_KEYS]: authorizedKeys(admin.sshKeys),
  };
  return [
    ...laid({ [paths.NETPLAN]: netplanText(network, adopted) }, SECRET),
    ...laid(access, SHARED),
    ...laid({ [paths.SSHD]: sshdText(admin) }, SECRET),
    ...laid({ [paths.UFW_CONF]: UFW_SWITCH }, SHARED),
    ...laid(firewall, GROUP_READABLE),
    ...laid(squidTexts(settings, facts, places), GROUP_READABLE, "proxy"),
    ...laid(serviceTexts(settings, places), SHARED),
    ...sourceFiles(facts.shippedSources, settings.updates.mirror).map((file) => ({ ...file, mode: SHARED })),
    { path: paths.CATALOGUE, content: installed && installedText(installed), mode: SECRET },
    { path: paths.SETTINGS, content: text, mode: SECRET },
  ];
}

function squidTexts(
  { hostname, proxy, clients, defender }: Settings,
  { vcpus, catalogue }: Facts,
  { lists, peekKey }: Places,
): Texts {
  const selection = selectEndpoints(defender, catalogue?.catalogue ?? builtInCatalogue());
  const { tunnels, tls } = selection;
  const patterns = selection.patterns.map(patternText);
  return {
    [`${paths.SQUID_LISTS}/allowed-tls.txt`]: allowedTls(selection),
    [`${paths.SQUID_LISTS}/allowed-tls-regex.txt`]: allowedTlsRegex(selection),
    [`${paths.SQUID_LISTS}/allowed-web.txt`]: allowedWeb(selection),
    [`${paths.SQUID_LISTS}/clients.txt`]: clientList(clients),
    [paths.SQUID_CONF]: squidConf({ hostname, vcpus, proxy, tunnels, names: tls, patterns, lists, peekKey }),
  };
}

/** Time, logs, updates and the keyboard. */
function serviceTexts({ time, logging, updates, proxy, keyboard }: Settings, { authority }: Places): Texts {
  return {
    [paths.CHRONY_SOURCES]: chronySources(time.servers),
    [paths.CHRONY_HYPERVISOR]: hypervisorText(time.hypervisor),
    [paths.TIMEZONE]: timezoneText(time.zone),
    [paths.RSYSLOG_CA]: authorityText(logging),
    [paths.RSYSLOG]: rsyslogText(logging, authority),
    [paths.JOURNALD]: journaldText(logging),
    [paths.SQUID_ROTATION]: squidRotation(logging),
    [paths.RSYSLOG_ROTATION]: rsyslogRotation(logging),
    [paths.APT_SETTINGS]: aptText(updates, proxy),
    [paths.UPGRADE_TIMER]: upgradeTimer(updates),
    [paths.KEYBOARD]: keyboardText(keyboard),
  };
}

function laid(texts: Texts, mode: number, group?: "proxy"): RenderedFile[] {
  const shared = group === undefined ? { mode } : { mode, group };
  return Object.entries(texts).map(([path, content]) => ({ path, content, ...shared }));
}
