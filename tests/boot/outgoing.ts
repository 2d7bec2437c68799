import type { ExecutionContext } from "ava";
import { rootOutput } from "./inspect.ts";
import { CLOUD_ADDRESS, GUEST_DNS, GUEST_GATEWAY } from "./kit/addresses.ts";
import type { SshTarget } from "./kit/ssh.ts";

/** Bash's own way to open a connection; it says why when it does not come about. */
const OPEN = 'exec 2>&1; exec 3<>"/dev/tcp/$0/$1" && echo open || true';
const REFUSED = /No route to host/;

/** Who tries what from the booted machine, and what has to come of it. */
const TRIES: readonly [who: string, address: string, port: number, expected: RegExp][] = [
  ["proxy", CLOUD_ADDRESS, 443, /^open$/m],
  ["proxy", CLOUD_ADDRESS, 80, /^open$/m],
  ["_apt", CLOUD_ADDRESS, 80, /^open$/m],
  ["systemd-resolve", GUEST_DNS, 53, /^open$|Connection refused/m],
  ["nobody", CLOUD_ADDRESS, 443, REFUSED],
  ["postern", CLOUD_ADDRESS, 443, REFUSED],
  ["root", CLOUD_ADDRESS, 443, REFUSED],
  ["proxy", CLOUD_ADDRESS, 8443, REFUSED],
  ["proxy", "169.254.169.254", 80, REFUSED],
  ["proxy", "168.63.129.16", 80, REFUSED],
  ["_apt", "169.254.169.254", 80, REFUSED],
  ["proxy", "10.1.2.3", 443, REFUSED],
];

/** Each account reaches what it is there for; the rest is refused at once, and the journal says whose it was. */
export async function assertOutgoing(
  t: ExecutionContext,
  target: SshTarget,
  password: string,
): Promise<void> {
  const root = (...command: string[]) => rootOutput(target, password, ...command);
  for (const [who, address, port, expected] of TRIES) {
    const as = ["setpriv", `--reuid=${who}`, "--regid=nogroup", "--clear-groups", "--", "timeout", "20"];
    const opened = ["bash", "-c", OPEN, address, String(port)];
    t.regex(await root(...as, ...opened), expected, `${who} to ${address} port ${port}`);
  }
  t.regex(await root("ping", "-c", "1", "-W", "5", GUEST_GATEWAY), /, 0% packet loss/);
  t.regex(await root("ufw", "status", "verbose"), /^Default: deny \(incoming\), deny \(outgoing\)/m);
  t.regex(await root("journalctl", "-b", "-k", "--no-pager"), /\[UFW BLOCK\] .*OUT=.* DPT=443 .*UID=65534/);
}
