# Evaluates the content of another distribution: it asks /etc/os-release and /etc/lsb-release which one this is, so
# both are covered, in this mount namespace alone. Arguments: disk, text of the tailoring file, profile.
tailoring=$2
profile=$3
mount -o ro "$1" /mnt
mount -t tmpfs -o mode=0755 tmpfs /media
printf '%s\n' "$tailoring" > /media/tailoring.xml
printf '%s\n' 'PRETTY_NAME="Ubuntu 24.04 LTS"' 'NAME="Ubuntu"' 'VERSION_ID="24.04"' VERSION_CODENAME=noble ID=ubuntu ID_LIKE=debian > /media/os-release
printf '%s\n' DISTRIB_ID=Ubuntu DISTRIB_RELEASE=24.04 DISTRIB_CODENAME=noble > /media/lsb-release
chmod 0644 /media/os-release /media/lsb-release
made=
if ! test -e /etc/lsb-release; then : > /etc/lsb-release; made=yes; fi
mount --bind /media/os-release "$(readlink -f /etc/os-release)"
mount --bind /media/lsb-release /etc/lsb-release
library=/mnt/usr/lib/x86_64-linux-gnu
code=0
OSCAP_SCHEMA_PATH=/mnt/usr/share/openscap/schemas OSCAP_XSLT_PATH=/mnt/usr/share/openscap/xsl \
  "$library/ld-linux-x86-64.so.2" --library-path "$library" /mnt/usr/bin/oscap xccdf eval \
  --skip-valid --tailoring-file /media/tailoring.xml --profile "$profile" \
  /mnt/usr/share/xml/scap/ssg/content/ssg-ubuntu2404-ds.xml || code=$?
umount /etc/lsb-release
if test -n "$made"; then rm -f /etc/lsb-release; fi
# 2: at least one rule failed, which is an answer (oscap(8)).
test "$code" = 0 || test "$code" = 2
