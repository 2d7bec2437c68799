import test from "ava";
import { droppedBy, SEAL_EDITS } from "../../../../builder/stages/seal/rules.ts";

const entries: [path: string, isDirectory: boolean, rule: string | undefined][] = [
  ["etc/ssh/ssh_host_ed25519_key", false, "host-keys"],
  ["etc/ssh/ssh_host_ed25519_key.pub", false, "host-keys"],
  ["etc/ssh/sshd_config", false, undefined],
  ["var/lib/dbus/machine-id", false, "machine-id"],
  ["etc/machine-id", false, undefined],
  ["home/postern-build", true, "build-user"],
  ["home/postern-build/.ssh/authorized_keys", false, "build-user"],
  ["home/postern", true, undefined],
  ["home/postern-builder", true, undefined],
  ["etc/sudoers.d/90-cloud-init-users", false, "build-user"],
  ["etc/passwd-", false, "build-user"],
  ["var/lib/cloud", true, undefined],
  ["var/lib/cloud/instance", false, "cloud-init"],
  ["var/lib/cloud/instances/postern-build/user-data.txt", false, "cloud-init"],
  ["etc/netplan/50-cloud-init.yaml", false, "cloud-init"],
  ["etc/netplan/60-postern.yaml", false, undefined],
  ["var/lib/systemd/random-seed", false, "random-seed"],
  ["var/lib/dhcpcd/ens3.lease", false, "leases"],
  ["var/lib/apt/lists/x_InRelease", false, "caches"],
  ["var/cache/apt/pkgcache.bin", false, "caches"],
  ["var/lib/dpkg/status-old", false, "caches"],
  ["var/lib/dpkg/status", false, undefined],
  ["tmp/packer-shell1", false, "temporary"],
  ["tmp", true, undefined],
  ["var/log", true, undefined],
  ["var/log/squid", true, undefined],
  ["var/log/squid/access.log", false, "logs"],
  ["var/log/journal", true, undefined],
  ["var/log/journal/0123", true, "logs"],
  ["boot/grub/grub.cfg", false, "disk-files"],
  ["usr/lib/postern/node", false, undefined],
];

for (const [path, isDirectory, rule] of entries) {
  test(`${path} is ${rule === undefined ? "kept" : `taken out as ${rule}`}`, (t) => {
    t.is(droppedBy(path, isDirectory), rule);
  });
}

const edits: [file: string, before: string, after: string][] = [
  ["etc/machine-id", "0123456789abcdef0123456789abcdef\n", "uninitialized\n"],
  [
    "etc/passwd",
    "root:x:0:0::/root:/bin/sh\npostern-build:x:60990:60990::/home/postern-build:/bin/sh\n",
    "root:x:0:0::/root:/bin/sh\n",
  ],
  ["etc/shadow", "root:*:1::::::\npostern-build:!:1::::::\n", "root:*:1::::::\n"],
  [
    "etc/group",
    "sudo:x:27:postern,postern-build\nadm:x:4:postern-build\npostern-build:x:60990:\n",
    "sudo:x:27:postern\nadm:x:4:\n",
  ],
  ["etc/subuid", "postern-build:100000:65536\npostern:165536:65536\n", "postern:165536:65536\n"],
];

for (const [file, before, after] of edits) {
  test(`${file} loses the build user and nothing else`, (t) => {
    t.is(SEAL_EDITS[file]?.(before), after);
  });
}
