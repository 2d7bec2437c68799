import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import type { NetworkInterfaceInfo } from "node:os";
import { dirname, join } from "node:path";
import { pathsUnder } from "../../../appliance/paths.ts";
import { realSystem } from "../../../appliance/system/node.ts";
import type { Ran, System } from "../../../appliance/system/system.ts";
import { PASSWD } from "./facts.ts";
import { hasTool } from "./hastool.ts";
import { layPeekKey } from "./peekkey.ts";

export interface FakeCard {
  name: string;
  mac: string;
  hasLink?: boolean;
  address?: string;
}

/** A machine below a folder: its files are real, its services are not. */
export interface Machine extends System {
  /** What was run, `command arguments`, in order. */
  ran: string[];
  /** Another answer for commands that begin with these words. */
  answers: Map<string, Partial<Ran>>;
  /** What the password program was given. */
  inputs: string[];
}

/** Files that the image lays as the default settings would make them. */
export const DEFAULT_FILES = [
  ["/etc/ssh/sshd_config.d/05-postern-settings.conf", "ssh"],
  ["/etc/systemd/journald.conf.d/50-postern.conf", "logs"],
  ["/etc/logrotate.d/squid", "proxy"],
  ["/etc/logrotate.d/rsyslog", "logs"],
  ["/etc/apt/apt.conf.d/60postern-settings", "updates"],
  ["/etc/chrony/hypervisor-clock", "platform"],
  ["/etc/timezone", "platform"],
  ["/etc/default/keyboard", "console"],
] as const;

/** Programs that only read files or standard input are the real ones. */
const REAL = ["squid", "netplan", "iptables-restore", "ip6tables-restore", "ssh-keygen", "perl"];

const CARDS: readonly FakeCard[] = [
  { name: "eth0", mac: "52:54:00:12:34:56", hasLink: true, address: "10.0.2.15/24" },
];

export function makeMachine(root: string, cards: readonly FakeCard[] = CARDS): Machine {
  const real = realSystem(root);
  const machine: Machine = {
    paths: pathsUnder(root),
    ran: [],
    answers: new Map(),
    inputs: [],
    vcpus: () => 2,
    interfaces: () =>
      Object.fromEntries(
        cards.map(({ name, address }) => [name, address === undefined ? [] : [info(address)]]),
      ),
    async run(command, args, options) {
      const line = [command, ...args].join(" ");
      machine.ran.push(line);
      if (options?.input !== undefined) machine.inputs.push(options.input);
      const answer = [...machine.answers].find(([words]) => line.startsWith(words))?.[1];
      if (answer !== undefined) return { code: 0, stdout: "", stderr: "", ...answer };
      const isCheck = !/^(netplan apply|ip6?tables-restore -n )/.test(line);
      if (REAL.includes(command) && isCheck && hasTool(command)) return real.run(command, args, options);
      return { code: 0, stdout: saidOf(root, line), stderr: "" };
    },
  };
  for (const card of cards) layCard(root, card);
  lay(root, "/etc/group", "root:x:0:\nproxy:x:13:\n");
  lay(root, "/etc/shadow", "root:*:1::::::\npostern:!:1:0:99999:7:::\n");
  lay(root, "/etc/passwd", PASSWD);
  for (const name of ["after.rules", "after6.rules"]) {
    const laid = new URL(`../../../overlays/firewall/files/etc/ufw/${name}`, import.meta.url);
    lay(root, `/etc/ufw/${name}`, readFileSync(laid, "utf8"));
    chmodSync(join(root, "/etc/ufw", name), 0o640);
  }
  lay(root, "/etc/hostname", "debian\n");
  lay(root, "/etc/squid/squid.conf", "# closed\n");
  for (const [path, overlay] of DEFAULT_FILES) {
    lay(
      root,
      path,
      readFileSync(new URL(`../../../overlays/${overlay}/files${path}`, import.meta.url), "utf8"),
    );
  }
  chmodSync(join(root, "/etc/ssh/sshd_config.d/05-postern-settings.conf"), 0o600);
  if (hasTool("openssl")) layPeekKey(root);
  symlinkSync("/usr/share/zoneinfo/UTC", join(root, "/etc/localtime"));
  return machine;
}

/** What the firewall of such a machine says: it is on, and lives by its files. */
function saidOf(root: string, line: string): string {
  if (line.startsWith("ufw ")) return "Status: active\n";
  if (/^ip6?tables -S OUTPUT$/.test(line)) return "-P OUTPUT DROP\n";
  const family = /^ip(6?)tables -S ufw6?-after-output$/.exec(line)?.[1];
  return family === undefined ? "" : readFileSync(join(root, `/etc/ufw/after${family}.rules`), "utf8");
}

/** Writes a file of the machine. */
export function lay(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function layCard(root: string, { name, mac, hasLink = false }: FakeCard): void {
  const folder = `/sys/class/net/${name}`;
  lay(root, `${folder}/address`, `${mac}\n`);
  lay(root, `${folder}/carrier`, hasLink ? "1\n" : "0\n");
  lay(root, `${folder}/device/vendor`, "0x1af4\n");
}

function info(cidr: string): NetworkInterfaceInfo {
  const address = cidr.split("/")[0] ?? "";
  return { address, netmask: "255.255.255.0", family: "IPv4", mac: "", internal: false, cidr };
}
