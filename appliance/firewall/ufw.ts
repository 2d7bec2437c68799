import { parseCidr } from "../network/cidr.ts";
import { PROXY_PORT } from "../paths.ts";
import type { Client } from "../settings/settings.ts";

/** One thing that may come in. */
export interface OpenPort {
  port: number;
  /** A network, canonical. */
  from: string;
  comment: string;
}

const SSH_PORT = 22;

/**
 * What the firewall lets in: the proxy for each client network, SSH for each administrator's network.
 *
 * SSH is not rate limited here (ufw's `limit` blocks the sixth connection in 30 seconds): administrators
 * behind one address or with a tool that connects often would be shut out of a machine in trouble. sshd
 * itself limits attempts (MaxStartups, PerSourceMaxStartups), and only keys are taken.
 */
export function openPorts(clients: readonly Client[], sshFrom: readonly string[]): OpenPort[] {
  const proxy = clients.map(({ cidr, label }) => ({
    port: PROXY_PORT,
    from: cidr,
    comment: label === undefined ? "proxy" : `proxy ${label}`,
  }));
  return [...proxy, ...sshFrom.map((from) => ({ port: SSH_PORT, from, comment: "ssh" }))];
}

/** /etc/ufw/ufw.conf: the firewall is on, and says little. `ufwRules` is for that level. */
export const UFW_SWITCH = "ENABLED=yes\nLOGLEVEL=low\n";

/**
 * ufw's own rule file (`user.rules` for 4, `user6.rules` for 6), byte for byte as ufw 0.36 writes it with
 * `LOGLEVEL=low`: ufw rewrites the file when it reloads, and a file that differs would look changed for ever.
 * The tuple comments are what `ufw status` shows.
 */
export function ufwRules(ports: readonly OpenPort[], family: 4 | 6): string {
  const chain = family === 4 ? "ufw" : "ufw6";
  const rules = ports.flatMap(({ port, from, comment }) => {
    const network = parseCidr(from);
    if (!network.ok || network.value.family !== family) return [];
    // ufw leaves out the prefix of a single address.
    const source = from.replace(family === 4 ? /\/32$/ : /\/128$/, "");
    const anywhere = family === 4 ? "0.0.0.0/0" : "::/0";
    const note = Buffer.from(comment).toString("hex");
    return [
      `### tuple ### allow tcp ${port} ${anywhere} any ${source} in comment=${note}`,
      `-A ${chain}-user-input -p tcp --dport ${port} -s ${source} -j ACCEPT`,
      "",
    ];
  });
  return [...head(chain), ...rules, ...tail(chain)].join("\n");
}

function head(chain: string): string[] {
  const declared = ["user", "before-logging", "user-logging", "after-logging"].flatMap((name) =>
    ["input", "output", "forward"].map((direction) => `:${chain}-${name}-${direction} - [0:0]`),
  );
  const rest = ["logging-deny", "logging-allow", "user-limit", "user-limit-accept"];
  return ["*filter", ...declared, ...rest.map((name) => `:${chain}-${name} - [0:0]`), "### RULES ###", ""];
}

function tail(chain: string): string[] {
  const paced = "-m limit --limit 3/min --limit-burst 10";
  return [
    "### END RULES ###",
    "",
    "### LOGGING ###",
    `-A ${chain}-after-logging-input -j LOG --log-prefix "[UFW BLOCK] " ${paced}`,
    `-A ${chain}-after-logging-output -j LOG --log-prefix "[UFW BLOCK] " ${paced}`,
    `-A ${chain}-after-logging-forward -j LOG --log-prefix "[UFW BLOCK] " ${paced}`,
    `-I ${chain}-logging-deny -m conntrack --ctstate INVALID -j RETURN ${paced}`,
    `-A ${chain}-logging-deny -j LOG --log-prefix "[UFW BLOCK] " ${paced}`,
    `-A ${chain}-logging-allow -j LOG --log-prefix "[UFW ALLOW] " ${paced}`,
    "### END LOGGING ###",
    "",
    "### RATE LIMITING ###",
    `-A ${chain}-user-limit -m limit --limit 3/minute -j LOG --log-prefix "[UFW LIMIT BLOCK] "`,
    `-A ${chain}-user-limit -j REJECT`,
    `-A ${chain}-user-limit-accept -j ACCEPT`,
    "### END RATE LIMITING ###",
    "COMMIT",
    "",
  ];
}
