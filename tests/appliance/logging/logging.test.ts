import test from "ava";
import { journaldText, rsyslogRotation, squidRotation } from "../../../appliance/logging/retention.ts";
import { authorityText, rsyslogText } from "../../../appliance/logging/rsyslog.ts";
import { CERTIFICATE } from "../settings/fixtures.ts";

const TLS = { host: "siem.corp.example", port: 6514, protocol: "tls" } as const;
const DAYS = { retentionDays: 90 };

test("nothing leaves a machine without a syslog server", (t) => {
  t.is(rsyslogText(DAYS), undefined);
  t.is(authorityText(DAYS), undefined);
  t.regex(journaldText(DAYS), /^ForwardToSyslog=no$/m);
});

test("over TLS the server has to show its own name, signed by the authority that is meant", (t) => {
  const text = rsyslogText({ ...DAYS, syslog: TLS }) ?? "";
  const own = { ...DAYS, syslog: { ...TLS, ca: CERTIFICATE } };

  t.regex(
    text,
    /StreamDriverMode="1" StreamDriverAuthMode="x509\/name" StreamDriverPermittedPeers="siem\.corp\.example"/,
  );
  t.regex(text, /TCP_Framing="octet-counted"/);
  t.regex(text, /CAFile="\/etc\/ssl\/certs\/ca-certificates\.crt"/);
  t.regex(rsyslogText(own) ?? "", /CAFile="\/etc\/rsyslog\.d\/postern-ca\.pem"/);
  t.is(authorityText(own), CERTIFICATE);
  t.regex(journaldText(own), /^ForwardToSyslog=yes$/m);
});

test("over UDP nothing is said of certificates", (t) => {
  const text = rsyslogText({ ...DAYS, syslog: { host: "fd00::7", port: 514, protocol: "udp" } }) ?? "";

  t.regex(text, /target="fd00::7" port="514" protocol="udp"/);
  t.notRegex(text, /StreamDriver|CAFile|TCP/);
});

test("what waits for the server is bounded, and makes nobody wait", (t) => {
  const text = rsyslogText({ ...DAYS, syslog: TLS }) ?? "";

  t.regex(text, /queue\.maxDiskSpace="256m"/);
  t.regex(text, /queue\.timeoutEnqueue="0"/);
  t.regex(text, /queue\.spoolDirectory="\/var\/log\/rsyslog"/);
});

test("days are kept alike by the journal and by both rotations", (t) => {
  t.regex(journaldText(DAYS), /^MaxRetentionSec=90day$/m);
  for (const text of [squidRotation(DAYS), rsyslogRotation(DAYS)]) t.regex(text, /^\tmaxage 90$/m);
});
