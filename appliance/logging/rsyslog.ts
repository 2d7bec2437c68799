import { RSYSLOG_CA } from "../paths.ts";
import { HEADER } from "../rendered.ts";
import type { Logging, Syslog } from "../settings/settings.ts";

const SYSTEM_CA = "/etc/ssl/certs/ca-certificates.crt";

/**
 * /etc/rsyslog.d/30-postern.conf: everything goes to the syslog server, and nothing where there is none.
 *
 * - The messages have the form of RFC 5424. Over TLS they are counted, as RFC 5425 asks, and the server has to
 *   show a certificate for the very name that the settings give.
 * - While the server is away they wait in memory and then on the log partition, up to a bound; beyond it new ones
 *   are dropped, so that nothing on the machine ever waits for its log.
 *   https://www.rsyslog.com/doc/rainerscript/queue_parameters.html
 * - Squid's lines are read from its file: by syslog(3) they would go through the journal, which drops lines of a
 *   busy service and would keep each a second time, and by UDP they would be lost while rsyslog restarts. The
 *   place reached in the file is remembered over restarts and rotations.
 * - What was sent is not written to further local files: the journal has it.
 *
 * @param ownCa where the authority's certificates lie.
 */
export function rsyslogText({ syslog }: Logging, ownCa = RSYSLOG_CA): string | undefined {
  if (syslog === undefined) return undefined;
  return `${HEADER}${syslog.protocol === "tls" ? authority(syslog, ownCa) : ""}module(load="imfile")
template(name="postern" type="string" string="<%PRI%>1 %TIMESTAMP:::date-rfc3339% %HOSTNAME% %APP-NAME% %PROCID% %MSGID% %STRUCTURED-DATA% %msg:::drop-last-lf%")
ruleset(name="postern") {
  action(type="omfwd" name="postern" template="postern"
    target="${syslog.host}" port="${syslog.port}" ${syslog.protocol === "tls" ? secured(syslog) : UNSECURED}
    queue.type="LinkedList" queue.size="20000" queue.timeoutEnqueue="0"
    queue.filename="postern" queue.spoolDirectory="/var/log/rsyslog" queue.maxDiskSpace="256m"
    queue.maxFileSize="16m" queue.saveOnShutdown="on" action.resumeRetryCount="-1")
}
input(type="imfile" file="/var/log/squid/access.log" tag="squid" facility="local5" severity="info"
  reopenOnTruncate="on" freshStartTail="on" ruleset="postern")
*.* call postern
*.* stop
`;
}

/** The authority that signed the server's certificate, where the settings bring one. */
export function authorityText({ syslog }: Logging): string | undefined {
  return syslog?.ca;
}

const UNSECURED = 'protocol="udp"';

function authority({ ca }: Syslog, ownCa: string): string {
  return `global(defaultNetstreamDriverCAFile="${ca === undefined ? SYSTEM_CA : ownCa}")\n`;
}

function secured({ host }: Syslog): string {
  return `protocol="tcp" TCP_Framing="octet-counted"
    StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="${host}"`;
}
