import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { patternText } from "../../../appliance/endpoints/pattern.ts";
import { selectEndpoints } from "../../../appliance/endpoints/select.ts";
import { allowedTls, allowedTlsRegex, allowedWeb, clientList } from "../../../appliance/proxy/lists.ts";
import { squidConf } from "../../../appliance/proxy/squidconf.ts";
import type { Defender } from "../../../appliance/settings/settings.ts";
import { layPages, ROOM } from "./pages.ts";

/** The machine's squid.conf with its lists, made to run from a folder. Returns the path of the configuration. */
export function laySquid(folder: string, choice: Defender): string {
  chmodSync(folder, 0o755);
  const logs = join(folder, "log");
  mkdirSync(logs);
  // Squid gives up root for the account of its package.
  chownSync(logs, ...proxyAccount());
  const selection = selectEndpoints(choice);
  writeFileSync(join(folder, "allowed-tls.txt"), allowedTls(selection));
  const regex = allowedTlsRegex(selection);
  if (regex !== undefined) writeFileSync(join(folder, "allowed-tls-regex.txt"), regex);
  writeFileSync(join(folder, "allowed-web.txt"), allowedWeb(selection));
  writeFileSync(join(folder, "clients.txt"), clientList([{ cidr: "10.20.0.0/16" }]));
  const text = squidConf({
    hostname: "postern",
    vcpus: 1,
    proxy: { privateDestinations: [], sniCheck: false },
    tunnels: [],
    names: selection.tls,
    lists: folder,
    patterns: selection.patterns.map(patternText),
    pages: layPages(folder),
    room: ROOM,
  })
    .replaceAll("/var/log/squid", logs)
    .replace("/run/squid/squid.pid", join(logs, "squid.pid"))
    .replace("max_filedescriptors 65536", "max_filedescriptors 1024");
  const conf = join(folder, "squid.conf");
  writeFileSync(conf, text);
  return conf;
}

function proxyAccount(): [number, number] {
  const line = /^proxy:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  return [Number(line?.[1] ?? 0), Number(line?.[2] ?? 0)];
}
