import { PosternError } from "../../error.ts";
import { INSTALLED_ENTRY } from "./installed.ts";
import { ISO_PATHS, markerPath } from "./paths.ts";

export interface MenuOptions {
  version: string;
  /** The medium's id and the SHA-256 of its squashfs. */
  id: string;
  sha256: string;
  /** Bytes of the initrd: without a word, a slow medium looks like a machine that hangs. */
  initrdSize: number;
  /** Kernel arguments of the installed system. */
  kernelArguments: readonly string[];
}

/** What goes on the kernel's command line without any quoting in GRUB's shell. */
const WORD = /^[A-Za-z0-9_.,:=/@%+-]+$/;
const MIB = 1024 * 1024;

/** What the live system is told beside what the installed one is told. */
function liveArguments({ id, sha256, kernelArguments }: MenuOptions): string {
  const live = [
    "boot=postern",
    `postern.medium=${id}`,
    `postern.sha256=${sha256}`,
    "systemd.unit=postern-live.target",
    "cloud-init=disabled",
    // Nothing is to be enabled: the live system is gone after this start.
    "systemd.condition_first_boot=no",
  ];
  return [...live, ...kernelArguments].join(" ");
}

/**
 * The medium's boot menu, for BIOS and UEFI. It looks as the installed system's does (`disk/grubcfg.ts`): nobody edits
 * an entry, screen and serial port show the same.
 *
 * @throws PosternError `input.kernel-argument` for one that GRUB's shell would read as more than a word.
 */
export function isoMenu(options: MenuOptions): string {
  const words = [options.version, options.id, options.sha256, ...options.kernelArguments];
  for (const word of words) check(word);
  const line = liveArguments(options);
  const entry = (
    title: string,
    id: string,
    more: string,
  ): string => `menuentry '${title}' --unrestricted --id ${id} {
  echo 'Loading the kernel ...'
  linux /${ISO_PATHS.kernel} ${line}${more}
  echo 'Loading ${Math.ceil(options.initrdSize / MIB)} MiB more; over a slow line this takes minutes ...'
  initrd /${ISO_PATHS.initrd}
}
`;
  return `# Made by Postern.
set superusers=""
export superusers

# Another medium may have what the boot loader looked for, too.
search --no-floppy --set=root --file /${markerPath(options.id)}

set default=install
set timeout=10
set timeout_style=menu

if serial --unit=0 --speed=115200; then
  terminal_input --append serial
  terminal_output --append serial
fi

${INSTALLED_ENTRY}
${entry(`Install Postern ${options.version}`, "install", "")}
${entry("Check this medium", "check", " postern.check=1")}
${entry("Rescue an installed Postern", "rescue", " postern.rescue=1")}
if [ "$grub_platform" = efi ]; then
  if [ "$lockdown" = y ]; then
    menuentry 'Memory test (not with Secure Boot)' --unrestricted --id memtest {
      echo 'The memory test has no signature that Secure Boot takes. Turn Secure Boot off for it, and on again.'
      sleep --interruptible 20
    }
  else
    menuentry 'Memory test' --unrestricted --id memtest {
      chainloader /${ISO_PATHS.memtestEfi}
    }
  fi
else
  menuentry 'Memory test' --unrestricted --id memtest {
    linux /${ISO_PATHS.memtestBios} console=ttyS0,115200
  }
fi
`;
}

function check(word: string): void {
  if (WORD.test(word)) return;
  throw new PosternError({
    code: "input.kernel-argument",
    message: `${JSON.stringify(word)} cannot stand in grub.cfg`,
    hint: "Use letters, digits and _ . , : = / @ % + - only.",
  });
}
