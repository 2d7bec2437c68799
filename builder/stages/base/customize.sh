#!/bin/sh
# Finishes the root tree; mmdebstrap calls it with the tree's path.
set -eu
root=$1
library=/usr/lib/postern

chmod 0755 "$root$library" "$root$library/node"

# The tree's own tool and modules: a core of one GRUB version with modules of another does not start.
mkdir -p "$root$library/boot"
chroot "$root" grub-mkimage -O i386-pc -p '(,gpt3)/boot/grub' -o "$library/boot/core.img" \
  biosdisk part_gpt part_msdos ext2 fat normal configfile search search_fs_uuid search_label linux gzio \
  test echo cat ls sleep true regexp serial terminal all_video minicmd reboot halt
# The same for the installation medium, whose BIOS part is read from an ISO 9660 file system.
chroot "$root" grub-mkimage -O i386-pc-eltorito -p /boot/grub -o "$library/boot/eltorito.img" \
  biosdisk iso9660 part_gpt part_msdos ext2 fat normal configfile search search_fs_file linux gzio \
  test echo cat ls sleep true regexp serial terminal all_video minicmd reboot halt
cp "$root/usr/lib/grub/i386-pc/boot_hybrid.img" "$root$library/boot/boot_hybrid.img"
cp "$root/usr/lib/grub/i386-pc/boot.img" "$root$library/boot/boot.img"
mkdir -p "$root/boot/grub" "$root/boot/efi"

# cloud-init depends on netcat only to speak to its own process. A package of ours that can do that and nothing
# else takes its place, so that the dependency stays whole for every later update.
if chroot "$root" dpkg-query -W -f '${Status}' netcat-openbsd 2>/dev/null | grep -q ' installed$'; then
  cp -R "$(dirname "$0")/netcat" "$root/tmp/postern-netcat"
  chmod -R u=rwX,go=rX "$root/tmp/postern-netcat"
  chroot "$root" dpkg-deb --root-owner-group --build /tmp/postern-netcat /tmp/postern-netcat.deb
  chroot "$root" dpkg --install /tmp/postern-netcat.deb
  rm -r "$root/tmp/postern-netcat" "$root/tmp/postern-netcat.deb"
fi

# Nothing that the archive gives in a newer version may be missing, least of all from its security pocket.
pending=$(chroot "$root" apt-get --simulate --quiet dist-upgrade | grep -c '^Inst ' || true)
if [ "$pending" != 0 ]; then
  echo "postern: $pending updates are missing in the tree" >&2
  exit 1
fi
printf '%s\n' "$pending" > "$root$library/pending-updates"

# The path filters stay in force for every later kernel.
mv "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$root/etc/dpkg/dpkg.cfg.d/postern-filters"
rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap"

# A kernel that only recommends a generator leaves no initrd, and dracut does not know our boot script.
if ! ls "$root"/boot/initrd.img-* >/dev/null 2>&1; then
  echo "postern: no initrd was made in the tree" >&2
  exit 1
fi
if [ -e "$root/usr/bin/dracut" ]; then
  echo "postern: dracut took the place of initramfs-tools" >&2
  exit 1
fi

# The resolver's stub; some postinsts leave the build host's file behind.
ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
printf 'uninitialized\n' > "$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id"
printf 'postern\n' > "$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 postern\n::1 localhost ip6-localhost ip6-loopback\n' > "$root/etc/hosts"
rm -f "$root"/etc/ssh/ssh_host_*

# Font and keyboard of the screen are worked out here once instead of at every first boot.
chroot "$root" setupcon --save-only --force >/dev/null 2>&1 || true

# Packages enable what they bring; here the overlays say what runs. Old init scripts only make systemctl
# slow: dpkg does not bring back a configuration file that is gone.
for unit in squid unattended-upgrades open-vm-tools chrony auditd audit-rules rsyslog ufw apparmor \
  console-setup keyboard-setup grub-common e2scrub_reap; do
  systemctl --root="$root" disable "$unit.service" >/dev/null 2>&1 || true
done
for timer in apt-daily apt-daily-upgrade e2scrub_all fstrim dpkg-db-backup; do
  systemctl --root="$root" disable "$timer.timer" >/dev/null 2>&1 || true
done
rm -f "$root"/etc/init.d/* "$root"/etc/rc?.d/*

# Says that caches (ld.so, hwdb, catalog, users) match /usr, so that a first boot does not make them again.
touch -r "$root/usr" "$root/etc/.updated" "$root/var/.updated"

# Python writes what it imported beside the source, with its time; who was first, py3compile or an import, is not
# the same in every build. With a hash instead of the time, nothing is written in the build VM or at a first boot.
chroot "$root" python3 -m compileall -q -f --invalidation-mode checked-hash \
  /usr/share/python3/debpython /usr/share/netplan

# What is installed, each with the SHA-256 of its .deb as the archive's signed index has it: with both, the same
# packages can be had again from any archive that keeps old versions.
hashes=$(mktemp)
chroot "$root" apt-cache dumpavail | awk '
  /^Package: / { name = $2 }
  /^Version: / { version = $2 }
  /^SHA256: / { print name "\t" version "\t" $2 }' > "$hashes"
chroot "$root" dpkg-query -W -f '${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n' |
  awk -F '\t' '
    NR == FNR { hash[$1, $2] = $3; next }
    { print $0 "\t" hash[$1, $2] }' "$hashes" - > "$root$library/packages.tsv"
rm "$hashes"
if [ "$(awk -F '\t' '$6 == "" && $1 != "postern-netcat"' "$root$library/packages.tsv" | wc -l)" != 0 ]; then
  echo "postern: the archive's index has no SHA-256 for a package in the tree" >&2
  exit 1
fi
