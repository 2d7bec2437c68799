import { authorizedKeys, sshNetworks } from "../access/ssh.ts";
import { selectEndpoints } from "../endpoints/select.ts";
import { openPorts, UFW_SWITCH, ufwRules } from "../firewall/ufw.ts";
import { hostnameText, hostsText } from "../network/hostfiles.ts";
import { advertisementsText, netplanText } from "../network/netplan.ts";
import * as paths from "../paths.ts";
import { allowedTls, allowedWeb, clientList } from "../proxy/lists.ts";
import { squidConf } from "../proxy/squidconf.ts";
import type { Settings } from "../settings/settings.ts";
import { chronySources } from "../time/chrony.ts";
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

/**
 * Every file that is made from the settings, in the order in which they are swapped in. The settings come
 * last, so that their new text stands only beside files that belong to it.
 *
 * @param text the settings as their author wrote them, comments and all.
 * @param lists folder that squid.conf names for its lists; another one while a change is checked.
 */
export function render(
  settings: Settings,
  facts: Facts,
  text: string,
  lists = paths.SQUID_LISTS,
): RenderedFile[] {
  const selection = selectEndpoints(settings.defender);
  const ports = openPorts(settings.clients, sshNetworks(settings, facts.ownNetworks));
  const secret = 0o600;
  const shared = 0o644;
  const squid = { mode: 0o640, group: "proxy" } as const;
  const conf = squidConf({
    hostname: settings.hostname,
    vcpus: facts.vcpus,
    proxy: settings.proxy,
    tunnels: selection.tunnels,
    lists,
  });
  return [
    { path: paths.NETPLAN, content: netplanText(settings.network, facts.adopted), mode: secret },
    { path: paths.ADVERTISEMENTS, content: advertisementsText(settings.network), mode: shared },
    { path: paths.HOSTNAME, content: hostnameText(settings.hostname), mode: shared },
    { path: paths.HOSTS, content: hostsText(settings.hostname), mode: shared },
    { path: paths.UFW_CONF, content: UFW_SWITCH, mode: shared },
    { path: paths.UFW_4, content: ufwRules(ports, 4), mode: 0o640 },
    { path: paths.UFW_6, content: ufwRules(ports, 6), mode: 0o640 },
    { path: `${paths.SQUID_LISTS}/allowed-tls.txt`, content: allowedTls(selection), ...squid },
    { path: `${paths.SQUID_LISTS}/allowed-web.txt`, content: allowedWeb(selection), ...squid },
    { path: `${paths.SQUID_LISTS}/clients.txt`, content: clientList(settings.clients), ...squid },
    { path: paths.SQUID_CONF, content: conf, ...squid },
    { path: paths.ADMIN_KEYS, content: authorizedKeys(settings.admin.sshKeys), mode: shared },
    { path: paths.CHRONY_SOURCES, content: chronySources(settings.time.servers), mode: shared },
    { path: paths.SETTINGS, content: text, mode: secret },
  ];
}
