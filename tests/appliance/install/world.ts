import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { diskLayout, PARTITION } from "../../../appliance/disk/layout.ts";
import { freshIds } from "../../../appliance/install/work/ids.ts";
import { type Job, jobOf } from "../../../appliance/install/work/job.ts";
import { realSystem } from "../../../appliance/system/node.ts";
import type { Ran, RunOptions, System } from "../../../appliance/system/system.ts";
import { tempFolder } from "../kit/temp.ts";
import { disk } from "./disks.ts";

const GIB = 1024 ** 3;
/** Programs that need a kernel's view of a disk; everything else is the real one. */
const TOLD = ["mount", "umount", "blockdev", "udevadm", "efibootmgr", "lsblk"];
/** File systems take a while to make; few tests look at them. */
const SLOW = ["mke2fs"];

export interface World {
  job: Job;
  folder: string;
  ran: string[];
  /** Called before a program is told to have run. */
  before: Map<string, () => void>;
  /** What the told programs answer, by the beginning of their line. */
  answers: Map<string, Partial<Ran>>;
}

/** An installation onto files: the disk is one, and each partition that gets an ext4 is one of its own. */
export function makeWorld(
  t: ExecutionContext,
  { sectorSize = 512 as 512 | 4096, isWhole = false } = {},
): World {
  const told = isWhole ? TOLD : [...TOLD, ...SLOW];
  const folder = tempFolder(t);
  const ran: string[] = [];
  const before = new Map<string, () => void>();
  const answers = new Map<string, Partial<Ran>>();
  const real = realSystem(folder);
  const system: System = {
    ...real,
    async run(command: string, args: readonly string[], options?: RunOptions): Promise<Ran> {
      const line = [command, ...args].join(" ");
      ran.push(line);
      for (const [words, hook] of before) if (line.startsWith(words)) hook();
      const answer = [...answers].find(([words]) => line.startsWith(words))?.[1];
      if (answer !== undefined || told.includes(command))
        return { code: 0, stdout: "", stderr: "", ...answer };
      return real.run(command, args, options);
    },
  };
  const path = join(folder, "disk");
  sparse(path, 6 * GIB);
  const log: string[] = [];
  mkdirSync(join(folder, "run/postern/live"), { recursive: true });
  writeFileSync(join(folder, "run/postern/live/install.log"), "");
  const job = jobOf({
    system,
    release: { version: "1.0.0", base: "debian-13" },
    log: (text) => log.push(text),
    firmware: "uefi",
    patience: 0,
    disk: disk({ path, size: 6 * GIB, sectorSize }),
    ids: freshIds(),
    facts: {
      kernelArguments: ["console=tty0", "quiet"],
      efi: {
        vendor: "debian",
        shim: ["/usr/lib/shim/shimx64.efi.signed"],
        mokManager: ["/usr/lib/shim/mmx64.efi.signed"],
        grub: ["/usr/lib/grub/grubx64.efi.signed"],
        csv: "/usr/lib/shim/BOOTX64.CSV",
      },
    },
    tree: makeTree(folder),
    target: join(folder, "target"),
    settings: { text: "schema: 1\n", from: "a test" },
  });
  const node = (number: number): string => join(folder, `part${number}`);
  const layout = diskLayout(6 * GIB, job.ids, sectorSize);
  for (const [name, { size }] of [
    ["root", layout.root],
    ["log", layout.log],
  ] as const) {
    sparse(node(PARTITION[name]), size);
    answers.set(`blockdev --getsize64 ${node(PARTITION[name])}`, { stdout: `${size}\n` });
  }
  answers.set(`blockdev --getsize64 ${node(PARTITION.esp)}`, { stdout: `${layout.esp.size}\n` });
  return { job: { ...job, node }, folder, ran, before, answers };
}

/** A tree with what trips copies up. */
function makeTree(folder: string): string {
  const tree = join(folder, "tree");
  const lay = (path: string, content: string | Buffer, mode = 0o644): void => {
    mkdirSync(join(tree, path, ".."), { recursive: true });
    writeFileSync(join(tree, path), content);
    chmodSync(join(tree, path), mode);
  };
  const bootImg = Buffer.alloc(512, 0x11);
  bootImg.set([0x55, 0xaa], 510);
  lay("usr/lib/postern/boot/boot.img", bootImg);
  lay("usr/lib/postern/boot/core.img", Buffer.alloc(30_000, 0x22));
  lay("usr/lib/shim/shimx64.efi.signed", Buffer.alloc(100_000, 1));
  lay("usr/lib/shim/mmx64.efi.signed", Buffer.alloc(50_000, 2));
  lay("usr/lib/grub/grubx64.efi.signed", Buffer.alloc(200_000, 3));
  lay("usr/bin/tool", Buffer.alloc(3_000_000, 4), 0o755);
  linkSync(join(tree, "usr/bin/tool"), join(tree, "usr/bin/same-tool"));
  symlinkSync("/usr/bin/tool", join(tree, "usr/bin/link"));
  lay("usr/bin/su", "su", 0o4755);
  lay("etc/machine-id", "uninitialized\n", 0o444);
  lay("etc/empty", "");
  lay("var/log/kept/name with spaces \u0151", "x", 0o640);
  return tree;
}

function sparse(path: string, size: number): void {
  closeSync(openSync(path, "w"));
  truncateSync(path, size);
}
