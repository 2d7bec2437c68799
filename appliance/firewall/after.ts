import { HEADER } from "../rendered.ts";
import type { Accounts } from "../system/accounts.ts";
import type { Outgoing } from "./outgoing.ts";

/** The chain that tells of what is refused, and refuses it. */
export const REFUSE = "postern-refuse";

/** Names of the two families, as iptables-restore(8) and ufw have them. */
const FAMILIES = {
  4: {
    ufw: "ufw",
    ping: "icmp --icmp-type echo-request",
    hop: "ttl --ttl-eq 1",
    with: "icmp-admin-prohibited",
  },
  6: {
    ufw: "ufw6",
    ping: "icmpv6 --icmpv6-type echo-request",
    hop: "hl --hl-eq 1",
    with: "icmp6-adm-prohibited",
  },
} as const;

/** Chatter of other machines that ufw refuses without a word in the log, by UDP and TCP port. */
const CHATTER = {
  4: { udp: [137, 138, 67, 68], tcp: [139, 445] },
  6: { udp: [137, 138, 546, 547], tcp: [139, 445] },
} as const;

/**
 * ufw's `after.rules` for 4, `after6.rules` for 6: what may go out, and that the rest is refused. ufw reads the file
 * when the machine starts; each chain in it begins empty, so that loading it again replaces all of them at once
 * (iptables-restore(8), --noflush).
 *
 * A refusal is answered at once, so that a program says what happened instead of waiting; the log says whose it was.
 *
 * @param accounts what `--uid-owner` takes for each actor; the rules of one that is missing are left out.
 */
export function afterRules(rules: readonly Outgoing[], family: 4 | 6, accounts: Accounts): string {
  const { ufw, with: answer } = FAMILIES[family];
  const chains = [`${ufw}-after-input`, `${ufw}-after-output`, `${ufw}-after-forward`, REFUSE];
  const lines = rules.flatMap((rule) => ruleLine(rule, family, accounts) ?? []);
  return [
    `${HEADER}*filter`,
    ...chains.map((chain) => `:${chain} - [0:0]`),
    ...chatterLines(family),
    ...lines,
    `-A ${ufw}-after-output -j ${REFUSE}`,
    `-A ${REFUSE} -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] " --log-uid`,
    `-A ${REFUSE} -j REJECT --reject-with ${answer}`,
    "COMMIT",
    "",
  ].join("\n");
}

function chatterLines(family: 4 | 6): string[] {
  const { ufw } = FAMILIES[family];
  const silent = `-j ${ufw}-skip-to-policy-input`;
  const ports = (["udp", "tcp"] as const).flatMap((protocol) =>
    CHATTER[family][protocol].map((port) => `-A ${ufw}-after-input -p ${protocol} --dport ${port} ${silent}`),
  );
  const broadcast = `-A ${ufw}-after-input -m addrtype --dst-type BROADCAST ${silent}`;
  return family === 4 ? [...ports, broadcast] : ports;
}

/** Undefined where the rule is not of this family, or where nobody is there whom it would be for. */
function ruleLine(rule: Outgoing, family: 4 | 6, accounts: Accounts): string | undefined {
  const { who, to, protocol, isOnLink, verdict, why } = rule;
  if (familyOf(rule) !== undefined && familyOf(rule) !== family) return undefined;
  if (who !== undefined && accounts[who] === undefined) return undefined;
  const { ufw, ping, hop } = FAMILIES[family];
  return [
    `-A ${ufw}-after-output`,
    ...(who === undefined ? [] : [`-m owner --uid-owner ${accounts[who]}`]),
    ...(to === undefined ? [] : [`-d ${to}`]),
    ...(protocol === undefined ? [] : [`-p ${protocol === "ping" ? ping : protocol}`]),
    ...portWords(rule),
    ...(isOnLink === true ? [`-m ${hop}`] : []),
    `-m comment --comment "${why}"`,
    `-j ${verdict === "accept" ? "ACCEPT" : REFUSE}`,
  ].join(" ");
}

function familyOf({ to, family }: Outgoing): 4 | 6 | undefined {
  if (to === undefined) return family;
  return to.includes(":") ? 6 : 4;
}

function portWords({ fromPort, ports = [] }: Outgoing): string[] {
  const from = fromPort === undefined ? [] : [`--sport ${fromPort}`];
  if (ports.length > 1) return [...from, `-m multiport --dports ${ports.join(",")}`];
  return [...from, ...ports.map((port) => `--dport ${port}`)];
}
