import { HEADER } from "../rendered.ts";
import type { Logging } from "../settings/settings.ts";

/*
 * How long logs are kept. The bounds in bytes are fixed: a busy machine keeps fewer days rather than run out of
 * room, and the image's make-log-room looks after the partition every hour.
 */

/**
 * journald.conf(5). A file of the journal goes when its newest entry is too old, so each holds a day.
 * Only a machine with a syslog server hands its entries to rsyslog.
 */
export function journaldText({ retentionDays, syslog }: Logging): string {
  return `${HEADER}[Journal]
Storage=persistent
SystemMaxUse=512M
SystemKeepFree=512M
MaxRetentionSec=${retentionDays}day
MaxFileSec=1day
Compress=yes
ForwardToSyslog=${syslog === undefined ? "no" : "yes"}
`;
}

/** logrotate(8) for Squid; -1: no number of files but the age decides, since a busy day makes several. */
export function squidRotation({ retentionDays }: Logging): string {
  return `${HEADER}/var/log/squid/*.log {
	daily
	maxsize 500M
	rotate -1
	maxage ${retentionDays}
	compress
	delaycompress
	missingok
	notifempty
	nocreate
	sharedscripts
	su proxy proxy
	postrotate
		test ! -e /run/squid/squid.pid || systemctl kill --kill-whom=main --signal=USR1 squid.service
	endscript
}
`;
}

const RSYSLOG_FILES = ["syslog", "mail.log", "kern.log", "auth.log", "user.log", "cron.log"];

/** The same for the files that rsyslog's own rules write. Ubuntu's /var/log is its group's to write in, hence su. */
export function rsyslogRotation({ retentionDays }: Logging): string {
  return `${HEADER}${RSYSLOG_FILES.map((name) => `/var/log/${name}`).join("\n")}
{
	daily
	maxsize 100M
	rotate -1
	maxage ${retentionDays}
	compress
	delaycompress
	missingok
	notifempty
	sharedscripts
	su root adm
	postrotate
		/usr/lib/rsyslog/rsyslog-rotate
	endscript
}
`;
}
