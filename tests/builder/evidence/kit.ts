import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeIfChanged } from "../../../builder/evidence/dist.ts";
import { type EvidenceWriter, finishFolder } from "../../../builder/evidence/finish.ts";
import { hardeningReport, reportText } from "../../../builder/evidence/hardening/report.ts";
import { type BuildRecord, buildStem, recordName, recordText } from "../../../builder/evidence/record.ts";
import { type KeyHost, readSignKey } from "../../../builder/evidence/signing/key.ts";
import { run } from "../../../builder/host/run.ts";
import { parseOverlay } from "../../../builder/overlays/overlay.ts";
import { quiet } from "../disk/kit.ts";
import { artifactIn, diskIn } from "../formats/artifacts.ts";
import { record } from "../reproduce/kit.ts";

export const { signal } = new AbortController();

/** A host without a terminal, an agent, or anything else that could be asked. */
export const NOBODY: KeyHost = { env: {}, canAsk: false, signal };

export const KEY_TYPES = ["ed25519", "ecdsa", "rsa"] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** A key pair by the real ssh-keygen. @returns the private one's path */
export async function keyIn(
  folder: string,
  name: string,
  type: KeyType = "ed25519",
  passphrase = "",
): Promise<string> {
  const path = join(folder, name);
  await run("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", `key ${name}`, "-f", path]);
  return path;
}

export const SIGNER = "release@example.org";

/** An allowed signers file with one key. @param options as in ssh-keygen(1): `valid-before="20200101"` */
export async function allowedIn(folder: string, key: string, options = ""): Promise<string> {
  const path = join(folder, "allowed");
  await writeFile(path, `${SIGNER} ${options} ${await readFile(`${key}.pub`, "utf8")}`);
  return path;
}

const OVERLAY = parseOverlay(
  "kernel",
  `title: Kernel
checks:
  - { id: K1-one, title: one, command: [cat, /one], cis: ["1.5.1"] }
  - { id: K2-two, title: two, command: [cat, /two], exit: 1 }
exceptions:
  - { id: HRDN-7230, reason: a reason }
`,
  "overlay.yaml",
);

/**
 * A build's folder before anything stands over it: a hardening report and, where it is wanted, an image, and the
 * record of both.
 */
export async function buildIn(folder: string, withImage = false): Promise<BuildRecord> {
  const stem = buildStem(record());
  if (withImage) {
    const raw = await diskIn(folder);
    await artifactIn(folder, raw, "vhdx", undefined, stem);
    await rm(raw);
  }
  const answers = OVERLAY.checks.map(({ id, exit }) => ({
    ...{ overlay: "kernel", id, exit, passed: true, stdout: "" },
  }));
  const report = hardeningReport([OVERLAY], answers, record());
  await writeFile(join(folder, `${stem}-hardening.json`), reportText(report));
  await writeFile(join(folder, `${stem}-hardening.html`), "<!doctype html>\n");
  const artifacts = await Promise.all(
    [...(withImage ? [".vhdx"] : []), "-hardening.json", "-hardening.html"].map(async (ending) => {
      const file = `${stem}${ending}`;
      const bytes = await readFile(join(folder, file));
      return { file, size: bytes.length, sha256: sha256(bytes) };
    }),
  );
  const made = { ...record(), artifacts };
  await writeIfChanged(join(folder, recordName(made.version, made.base)), recordText(made));
  return made;
}

export interface FinishCall {
  key?: string;
  writers?: readonly EvidenceWriter[];
}

/** Finishes what lies in a folder, as `build` does. */
export async function finish(folder: string, { key, writers = [] }: FinishCall = {}) {
  const signKey = key === undefined ? {} : { signKey: await readSignKey(key, NOBODY) };
  return finishFolder({
    folder,
    build: record(),
    writers,
    ...signKey,
    canAsk: false,
    signal,
    progress: quiet,
  });
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Changes one bit in the middle of a file, and nothing else of it. */
export async function turnBit(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
