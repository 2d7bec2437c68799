import { DEFAULTS } from "../defaults.ts";
import { syslogProblem } from "../relations.ts";
import { SYSLOG_PROTOCOLS, UPDATE_MODES } from "../settings.ts";
import { flag, integer, json, map, oneOf, POSTERN, port, related, unique } from "./parts.ts";
import * as texts from "./texts.ts";

export const time = map({
  zone: texts
    .timeZone()
    .default(DEFAULTS.time.zone)
    .description("Time zone, an IANA name.")
    .example("Europe/Berlin"),
  servers: unique(texts.peerName())
    .description("NTP servers, by name or address. Empty: what DHCP or the hypervisor gives.")
    .example(["ntp.corp.example"]),
  hypervisor: flag()
    .default(true)
    .description("Whether the hypervisor's clock is a source beside them.")
    .example(false),
})
  .default(DEFAULTS.time)
  .description("The clock. TLS needs it right.");

const syslog = map({
  host: texts.peerName().required().description("Server, by name or address.").example("siem.corp.example"),
  protocol: oneOf(SYSLOG_PROTOCOLS)
    .default("tls")
    .description("Syslog over TLS (RFC 5425) or over UDP (RFC 5426).")
    .example("udp"),
  // RFC 5425 and RFC 5426 name the ports.
  port: port()
    .default((parent: { protocol?: string }) => (parent.protocol === "udp" ? 514 : 6514))
    .meta({ default: "6514 with tls, 514 with udp" })
    .description("Port of it.")
    .example(6514),
  ca: texts
    .pemCertificates()
    .description("Certificates of the server's authority, PEM. Only for tls; without it the system's.")
    .example("-----BEGIN CERTIFICATE-----\n..."),
})
  .custom(related(syslogProblem))
  .messages(POSTERN)
  .meta(
    json({
      if: { properties: { protocol: { const: "udp" } }, required: ["protocol"] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { properties: { ca: false } },
    }),
  )
  .description("Server that gets a copy of the logs. Without it they stay on the machine.");

export const logging = map({
  syslog,
  retentionDays: integer(1, 365)
    .unit("days")
    .default(DEFAULTS.logging.retentionDays)
    .description("How long logs are kept, as far as the log partition has room.")
    .example(90),
})
  .default(DEFAULTS.logging)
  .description("Logs.");

export const updates = map({
  mode: oneOf(UPDATE_MODES)
    .default("security")
    .description("Whether security updates install themselves.")
    .example("off"),
  window: texts
    .updateWindow()
    .description("When they install and the machine may restart, an hour or more, in its own time zone.")
    .note("With days: `Sat,Sun 02:00-04:00`. Without a window they install daily, and nothing ever restarts.")
    .example("02:00-04:00"),
  mirror: texts
    .mirrorUrl()
    .description("Base URL of a mirror of the distribution's archive.")
    .example("https://mirror.corp.example/debian"),
})
  .default(DEFAULTS.updates)
  .description("Updates of the distribution's packages.");

export const keyboard = map({
  layout: texts
    .xkbName()
    .default(DEFAULTS.keyboard.layout)
    .description("XKB layout of the console's keyboard.")
    .example("de"),
  variant: texts.xkbName().description("XKB variant.").example("nodeadkeys"),
})
  .default(DEFAULTS.keyboard)
  .description("The keyboard of the console.");
