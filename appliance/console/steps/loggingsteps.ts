import { timeServer as nameOrAddress } from "../../settings/fields.ts";
import type { Syslog } from "../../settings/settings.ts";
import type { Look } from "../asking/asker.ts";
import { type Draft, words } from "../draft.ts";
import { PORT, RETENTION } from "./numbers.ts";
import { askText, canonical, lookBy, type Step } from "./step.ts";

/** RFC 5425 and RFC 5426. */
const PORTS = { tls: 6514, udp: 514 } as const;

export const syslogStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Logging: a syslog server?",
      lines: [
        "Its name or address, then tls or udp, then a port if it is another one than 6514 or 514.",
        "Such as syslog.example.com tls. Empty: logs stay on this machine.",
        ...(draft.logging.syslog?.ca === undefined
          ? []
          : ["The authority's certificate that is set is kept."]),
      ],
      initial: syslogText(draft.logging.syslog),
      look: lookAtSyslog,
      store: (text) => {
        const { syslog, ...others } = draft.logging;
        if (text === "") return { logging: others };
        const next = syslogOf(text);
        const ca = next.protocol === "tls" && syslog?.ca !== undefined ? { ca: syslog.ca } : {};
        return { logging: { ...others, syslog: { ...next, ...ca } } };
      },
    }),
};

export const retentionStep: Step = {
  ask: (draft, context) =>
    askText(draft, context, {
      title: "Logging: how long are logs kept?",
      lines: ["Days, 1 to 365, such as 30; the oldest go earlier where the disk is full."],
      initial: String(draft.logging.retentionDays),
      look: lookBy(RETENTION),
      store: (text) => ({ logging: { ...draft.logging, retentionDays: Number(text) } }),
    }),
};

export function loggingText({ logging }: Draft): string {
  const days = logging.retentionDays === 1 ? "1 day" : `${logging.retentionDays} days`;
  return `${syslogText(logging.syslog) || "on this machine"}, kept ${days}`;
}

export function syslogText(syslog: Syslog | undefined): string {
  if (syslog === undefined) return "";
  const { host, protocol, port } = syslog;
  return `${host} ${protocol}${port === PORTS[protocol] ? "" : ` ${port}`}`;
}

function lookAtSyslog(text: string): Look {
  if (text.trim() === "") return {};
  const [host = "", protocol = "", port = "1", ...rest] = words(text);
  const name = nameOrAddress(host);
  if (!name.ok) return { problem: name.problem };
  if (protocol !== "tls" && protocol !== "udp") return { problem: "tls or udp after the name" };
  return PORT(port).ok && rest.length === 0 ? {} : { problem: "a port from 1 to 65535, or nothing more" };
}

function syslogOf(text: string): Syslog {
  const [host = "", protocolText, port] = words(text);
  const protocol = protocolText === "udp" ? "udp" : "tls";
  return {
    host: canonical(nameOrAddress, host),
    port: port === undefined ? PORTS[protocol] : Number(port),
    protocol,
  };
}
