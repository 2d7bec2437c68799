import { PosternError } from "../error.ts";
import { PARTITION } from "./layout.ts";

export interface GrubOptions {
  /** Title of the first entry: printable ASCII without quotes, backslash or `$`. */
  title: string;
  /** UUID of the root file system. */
  rootUuid: string;
  /** Added to `root=UUID=... ro`. */
  kernelArguments: readonly string[];
}

/** What goes on the kernel's command line without any quoting in GRUB's shell. */
const ARGUMENT = /^[A-Za-z0-9_.,:=/@%+-]+$/;
const TITLE = /^[ A-Za-z0-9_.,:()/+-]+$/;
const UUID = /^[0-9a-f-]{36}$/;

/**
 * The appliance's /boot/grub/grub.cfg, for BIOS and UEFI. It never changes: the distribution's kernel packages keep
 * the links /vmlinuz and /initrd.img (Debian) or the same in /boot (Ubuntu), each with `.old` beside it.
 *
 * An empty list of superusers means that nobody can edit an entry or open GRUB's shell (GRUB manual, section
 * "Authentication and authorisation"). `test -s` opens the file, so a link to nowhere counts as missing.
 *
 * @throws PosternError `input.kernel-argument` for one that GRUB's shell would read as more than a word.
 */
export function grubCfg({ title, rootUuid, kernelArguments }: GrubOptions): string {
  check(title, TITLE);
  check(rootUuid, UUID);
  for (const argument of kernelArguments) check(argument, ARGUMENT);
  const line = [`root=UUID=${rootUuid}`, "ro", ...kernelArguments].join(" ");
  return `# Made by Postern; nothing rewrites it when the kernel changes.
set superusers=""
export superusers

set default=0
set fallback=1
set timeout=2
set timeout_style=menu

if serial --unit=0 --speed=115200; then
  terminal_input --append serial
  terminal_output --append serial
fi

for folder in / /boot/; do
  if [ -z "$kernel" -a -s "\${folder}vmlinuz" -a -s "\${folder}initrd.img" ]; then
    set kernel="\${folder}vmlinuz"
    set initrd="\${folder}initrd.img"
  fi
  if [ -z "$old_kernel" -a -s "\${folder}vmlinuz.old" -a -s "\${folder}initrd.img.old" ]; then
    set old_kernel="\${folder}vmlinuz.old"
    set old_initrd="\${folder}initrd.img.old"
  fi
done

menuentry '${title}' --unrestricted --id current {
  linux "$kernel" ${line}
  initrd "$initrd"
}

if [ -n "$old_kernel" ]; then
  menuentry '${title}, previous kernel' --unrestricted --id previous {
    linux "$old_kernel" ${line}
    initrd "$old_initrd"
  }
fi
`;
}

/**
 * The grub.cfg on the ESP that finds the root and hands over to its grub.cfg. It looks on its own disk first: two
 * disks of the same image may be in one machine. When that fails it goes back to the firmware, not to a shell.
 */
export function espGrubCfg(rootUuid: string): string {
  check(rootUuid, UUID);
  return `# Made by Postern.
set superusers=""
export superusers
regexp --set=1:disk '^([^,]+)' "$root"
search --no-floppy --set=root --hint="$disk,gpt${PARTITION.root}" --fs-uuid ${rootUuid}
set prefix="($root)/boot/grub"
configfile "$prefix/grub.cfg"
echo 'Postern: no /boot/grub/grub.cfg on the file system ${rootUuid}.'
sleep 10
exit
`;
}

function check(text: string, pattern: RegExp): void {
  if (pattern.test(text)) return;
  throw new PosternError({
    code: "input.kernel-argument",
    message: `${JSON.stringify(text)} cannot stand in grub.cfg`,
    hint: "Use letters, digits and _ . , : = / @ % + - only.",
  });
}
