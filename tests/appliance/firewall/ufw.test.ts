import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import fc from "fast-check";
import { openPorts, ufwRules } from "../../../appliance/firewall/ufw.ts";
import { tempFolder } from "../kit/temp.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";
import { anySettings } from "../settings/fixtures.ts";

const runFile = promisify(execFile);
const CLIENTS = [
  { cidr: "10.20.0.0/16", label: "servers (äß)" },
  { cidr: "10.9.1.7/32" },
  { cidr: "fd00:1::/64", label: "six" },
  { cidr: "fd00:2::7/128" },
];
const PORTS = openPorts(CLIENTS, ["10.9.0.0/24", "fd00:9::/64"]);

test("each client gets the proxy, each administrator SSH, and nothing else is open", (t) => {
  const accepted = (text: string) =>
    text.split("\n").filter((line) => line.startsWith("-A ufw") && /user-input/.test(line));

  t.deepEqual(accepted(ufwRules(PORTS, 4)), [
    "-A ufw-user-input -p tcp --dport 3128 -s 10.20.0.0/16 -j ACCEPT",
    "-A ufw-user-input -p tcp --dport 3128 -s 10.9.1.7 -j ACCEPT",
    "-A ufw-user-input -p tcp --dport 22 -s 10.9.0.0/24 -j ACCEPT",
  ]);
  t.deepEqual(accepted(ufwRules(PORTS, 6)), [
    "-A ufw6-user-input -p tcp --dport 3128 -s fd00:1::/64 -j ACCEPT",
    "-A ufw6-user-input -p tcp --dport 3128 -s fd00:2::7 -j ACCEPT",
    "-A ufw6-user-input -p tcp --dport 22 -s fd00:9::/64 -j ACCEPT",
  ]);
});

/*
 * ufw runs on a copy of its own folder, mounted over the real one in a namespace that ends with the command.
 */
const IN_NAMESPACE = `
set -eu
mount -t tmpfs none /mnt
cp -a /etc/ufw /mnt/ufw
install -m 0640 "$1/user.rules" "$1/user6.rules" /mnt/ufw/
sed -i 's/^ENABLED=.*/ENABLED=yes/; s/^LOGLEVEL=.*/LOGLEVEL=low/' /mnt/ufw/ufw.conf
mount --bind /mnt/ufw /etc/ufw
mount --bind "$2" /etc/default/ufw
ip link set lo up
ufw --force enable >/dev/null
ufw reload >/dev/null
ufw status
echo SAME4 "$(cmp /etc/ufw/user.rules "$1/user.rules" && echo yes)"
echo SAME6 "$(cmp /etc/ufw/user6.rules "$1/user6.rules" && echo yes)"
iptables -S ufw-user-input
`;

const DEFAULTS = fileURLToPath(new URL("../../../overlays/firewall/files/etc/default/ufw", import.meta.url));

testWith(["ufw", "unshare", "iptables", "ip"], { root: true })(
  "the real ufw takes the files, shows them, and writes them back byte for byte",
  async (t) => {
    const folder = tempFolder(t);
    writeFileSync(join(folder, "user.rules"), ufwRules(PORTS, 4));
    writeFileSync(join(folder, "user6.rules"), ufwRules(PORTS, 6));

    const { stdout } = await runFile(
      "unshare",
      ["-n", "-m", "sh", "-c", IN_NAMESPACE, "sh", folder, DEFAULTS],
      {
        env: TOOL_ENV,
      },
    );

    t.regex(stdout, /^3128\/tcp +ALLOW +10\.20\.0\.0\/16 +# proxy servers \(äß\)$/m);
    t.regex(stdout, /^3128\/tcp +ALLOW +10\.9\.1\.7 +# proxy$/m);
    t.regex(stdout, /^22\/tcp +ALLOW +fd00:9::\/64 +# ssh$/m);
    t.regex(stdout, /^SAME4 yes$/m);
    t.regex(stdout, /^SAME6 yes$/m);
    t.regex(stdout, /^-A ufw-user-input -s 10\.20\.0\.0\/16 -p tcp -m tcp --dport 3128 -j ACCEPT$/m);
  },
);

testWith(["iptables-restore", "unshare"], { root: true })(
  "any settings make rules that iptables-restore takes",
  async (t) => {
    const folder = tempFolder(t);
    const file = join(folder, "all.rules");
    const texts: string[] = [];
    fc.assert(
      fc.property(anySettings, (settings) => {
        const ports = openPorts(settings.clients, settings.admin.from);
        texts.push(ufwRules(ports, 4));
      }),
      { numRuns: 40 },
    );
    writeFileSync(file, texts.join("\n"));

    await t.notThrowsAsync(runFile("unshare", ["-n", "iptables-restore", "--test", file], { env: TOOL_ENV }));
  },
);
