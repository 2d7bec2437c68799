import { mkdtemp, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fatSizeFor, writeFat } from "../../../appliance/disk/fat/write.ts";
import { BOOT_FACTS } from "../../../appliance/paths.ts";
import { follow, run } from "../../host/run.ts";
import type { LaidFile, LoadedOverlay } from "../../overlays/load.ts";
import { parseOverlay } from "../../overlays/overlay.ts";
import { BUILD_USER, SEED_MOUNT, seedFiles } from "../../overlays/seed.ts";
import type { Stage, StageContext } from "../../pipeline/stage.ts";
import { tarEnd } from "../../tar/end.ts";
import { LIBRARY } from "../base/command.ts";
import { judgeAnswers, judgeCloudStatus } from "./answers.ts";
import { PACKER_ENV, type PackerVariables, packerNote, packerTarget, packerVersion } from "./packer.ts";

const CHECKER = fileURLToPath(new URL("../../overlays/run-checks.mjs", import.meta.url));

/** Room for the tree's tar; the file stays as small as what is written. */
const EXPORT_BYTES = 6 * 1024 ** 3;

export interface ProvisionOptions {
  overlays: readonly LoadedOverlay[];
  /** Files beside the overlays: baked-in answers. */
  baked: readonly LaidFile[];
  accelerator: { name: string; cpu: string };
  cpus: number;
  /** MiB of the build VM. */
  memory: number;
  epoch: number;
  inputs: Readonly<Record<string, string>>;
}

/** Boots the base once under Packer, lays the overlays by cloud-init, asks the checks, takes the tree out. */
export function provisionStage(options: ProvisionOptions): Stage {
  return {
    id: "provision",
    title: "overlays laid and checked in a VM",
    needs: ["build-disk", "console"],
    inputs: options.inputs,
    outputs: ["root.tar", "checks.json", "build-key.pub"],
    run: (context) => provision(options, context),
  };
}

async function provision(options: ProvisionOptions, context: StageContext): Promise<void> {
  const { out, work, signal } = context;
  const key = join(work, "key");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", BUILD_USER, "-f", key], { signal });
  const publicKey = (await readFile(`${key}.pub`, "utf8")).trim();
  const seed = join(work, "seed.img");
  const checker = await readFile(CHECKER, "utf8");
  const overlays = [...options.overlays, await ownFiles(options.baked, context)];
  const files = await seedFiles(overlays, publicKey, checker, options.epoch);
  await writeFat(seed, files, { size: fatSizeFor(files), label: "CIDATA", serial: 0, epoch: options.epoch });
  const exported = join(work, "export.raw");
  await writeFile(exported, "");
  await truncate(exported, EXPORT_BYTES);
  const disk = join(work, "boot.qcow2");
  const backing = context.input("build-disk", "disk.raw");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", backing, "-F", "raw", disk], { signal });

  await runPacker(
    {
      disk,
      seed,
      export: exported,
      output: join(work, "packer"),
      answers: join(work, "answers.json"),
      cloud_status: join(work, "cloud-status.json"),
      serial_log: join(work, "serial.log"),
      key,
      user: BUILD_USER,
      seed_mount: SEED_MOUNT,
      accelerator: options.accelerator.name,
      cpu: options.accelerator.cpu,
      cpus: options.cpus,
      memory: options.memory,
      epoch: options.epoch,
    },
    context,
  );

  judgeCloudStatus(await readFile(join(work, "cloud-status.json"), "utf8"));
  const answers = judgeAnswers(await readFile(join(work, "answers.json"), "utf8"));
  await writeFile(join(out, "checks.json"), `${JSON.stringify(answers, null, 1)}\n`);
  // The sealing looks for this key; the private half goes with the scratch folder.
  await rename(`${key}.pub`, join(out, "build-key.pub"));
  await truncate(exported, await tarEnd(exported));
  await rename(exported, join(out, "root.tar"));
}

/** What earlier stages made and the recipe bakes in, as one more overlay. */
async function ownFiles(baked: readonly LaidFile[], context: StageContext): Promise<LoadedOverlay> {
  const made = await Promise.all(
    [
      ["posternctl.mjs", `${LIBRARY}/posternctl.mjs`],
      ["release.json", `${LIBRARY}/release.json`],
      ["boot.json", BOOT_FACTS],
    ].map(async ([name = "", path = ""]) => ({
      path,
      mode: 0o644,
      owner: "root",
      group: "root",
      bytes: await readFile(context.input("console", name)),
    })),
  );
  return {
    ...parseOverlay("baked", "title: What the build made", "baked"),
    laidFiles: [...made, ...baked],
    laidDirectories: [],
    hash: "",
  };
}

async function runPacker(variables: PackerVariables, context: StageContext): Promise<void> {
  const { work, signal } = context;
  const file = join(work, "variables.pkrvars.json");
  await writeFile(file, JSON.stringify(variables), { mode: 0o600 });
  const target = packerTarget(await packerVersion(signal));
  // Packer talks to its plugins through sockets in its temporary folder, and a socket's path ends at 108
  // bytes: below a deep cache folder it would crash.
  const short = await mkdtemp(join(tmpdir(), "postern-"));
  try {
    await follow(
      "packer",
      [
        "build",
        "-color=false",
        "-timestamp-ui",
        `-on-error=${context.debug ? "abort" : "cleanup"}`,
        `-var-file=${file}`,
        target,
      ],
      {
        signal,
        cwd: work,
        env: { ...PACKER_ENV, PACKER_CACHE_DIR: join(short, "cache"), TMPDIR: short },
        // Packer ends QEMU and removes its folder on SIGINT; under emulation that takes a while.
        grace: 30_000,
        onLine: (line) => {
          const note = packerNote(line);
          if (note !== undefined) context.progress.note(note);
        },
        code: "guest.packer",
        hint: `The VM's serial console is in ${variables.serial_log} when --debug is given.`,
      },
    );
  } finally {
    await rm(short, { recursive: true, force: true });
  }
}
