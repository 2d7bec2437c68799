import { type LabConfig, SQUID_CONF } from "./squid.ts";

/*
 * The proxy that people set up today with a public script (mswillsykes/squidmdemdi, as it was on 2026-11-23),
 * said again in our words from what it does: who may use it, what its list opens, and in which order its rules
 * stand. It is here to be measured beside ours. Only the places of files are the lab's.
 */

const LIST = "/etc/squid/script-allowed.txt";

/** Suffixes that its list opens, on every port: whole clouds of other tenants among them. */
const ALLOWED = [
  ".microsoft.com",
  ".windowsupdate.com",
  ".windows.com",
  ".endpoint.security.microsoft.us",
  ".atp.azure.com",
  ".azurewebsites.net",
  ".blob.core.windows.net",
  ".blob.core.usgovcloudapi.net",
  ".azure-automation.net",
  ".ods.opinsights.azure.com",
  ".oms.opinsights.azure.com",
  ".digicert.com",
  ".entrust.net",
  ".ssllabs.com",
  ".microsoftonline-p.com",
  ".securitycenter.microsoft.us",
  "azure.archive.ubuntu.com",
];

/*
 * The facts: the whole of RFC 1918 are its clients; names are looked up in reverse (no -n); names are allowed
 * before ports are looked at; the machine itself may go anywhere; no address is refused; nothing says how many
 * files it may open, how long a head may take, or that its version be kept to itself.
 */
const CONF = `http_port 3128
pid_filename /run/squid/squid.pid
acl localnet src 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16
acl listed dstdomain "${LIST}"
acl usual_ports port 80 443
http_access allow localnet listed
http_access allow localhost
http_access deny !usual_ports
http_access deny all
via off
forwarded_for delete
cache deny all
`;

/** The public script's proxy as a configuration of the lab. */
export function scriptConfig({
  name = "script",
  nofile,
}: {
  name?: string;
  nofile?: number;
} = {}): LabConfig {
  const files = { [SQUID_CONF]: CONF, [LIST]: ALLOWED.map((line) => `${line}\n`).join("") };
  return { name, files, ...(nofile === undefined ? {} : { nofile }) };
}
