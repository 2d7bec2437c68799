import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Joi from "joi";
import { fs } from "zx";
import { PosternError } from "../../error.ts";
import { fingerprintText } from "../../host/fingerprint.ts";
import { writeWhole } from "../../host/write.ts";
import type { PendingUpdate } from "../../pipeline/pending.ts";
import type { Base } from "../../recipe/base.ts";
import { debLines, preferencesText } from "../base/command.ts";
import { askApt, HINT } from "./apt.ts";
import { pendingOf } from "./policy.ts";
import { INSTALLED } from "./stage.ts";

/** An answer counts for so long, as the package versions' does. */
const FRESH_SECONDS = 12 * 3600;

export interface PendingOptions {
  base: Base;
  mirror: string | undefined;
  /** The keyring that the archive is checked with. */
  keyring: string;
  /** Folder that remembers answers. */
  facts: string;
  refresh: boolean;
  signal: AbortSignal;
}

/**
 * Asks the archive that the image names what it has newer than the sealed tree. Answers are remembered for half a day
 * for the same tree and sources.
 *
 * @param folder what the stage `installed` left.
 * @throws PosternError `network.pending` when the archive does not answer.
 */
export async function pendingUpdates(folder: string, options: PendingOptions): Promise<PendingUpdate[]> {
  const { base, mirror, keyring, facts, refresh, signal } = options;
  const status = await readFile(join(folder, INSTALLED.status), "utf8");
  const own = await readFile(join(folder, INSTALLED.sources), "utf8");
  const question = {
    sources: sourceLines(base, mirror, own, keyring),
    preferences: preferencesText(base.pins),
    status,
  };
  const name = fingerprintText(question.sources, question.preferences ?? "", status).slice(0, 16);
  const file = join(facts, `pending-${name}.json`);
  const now = Math.floor(Date.now() / 1000);
  const known = refresh ? undefined : await readKnown(file);
  if (known !== undefined && now - known.asked < FRESH_SECONDS) return known.pending;
  const pending = pendingOf(await askApt(question, signal), base.archive.securityPocket);
  await fs.mkdirp(facts);
  await writeWhole(file, JSON.stringify({ asked: now, pending }), 0o600);
  return pending;
}

// One-line style, sources.list(5), as mmdebstrap writes it.
const LINE = /^deb (?:\[[^\]]*\] )?(https?:\/\/\S+ \S+(?: \S+)+)$/;

/**
 * The lines of the archive for this host: each with the keyring that it is checked with. Where the base names no
 * mirror, mmdebstrap chose it and wrote it into the tree.
 *
 * @throws PosternError `network.pending` when the tree names no archive, or no security pocket.
 */
export function sourceLines(base: Base, mirror: string | undefined, own: string, keyring: string): string {
  const lines = debLines(base, mirror);
  const named = lines.length > 0 ? lines : own.split("\n").filter((line) => line.startsWith("deb "));
  const rest = named.map((line) => LINE.exec(line)?.[1]);
  const hasSecurity = rest.some((line) => line?.split(" ")[1] === base.archive.securityPocket);
  if (hasSecurity && rest.every((line) => line !== undefined))
    return rest.map((line) => `deb [arch=amd64 signed-by="${keyring}"] ${line}\n`).join("");
  throw new PosternError({
    code: "network.pending",
    message: `the tree's etc/apt/sources.list does not name ${base.archive.securityPocket} of an archive`,
    hint: HINT,
  });
}

interface Known {
  /** Seconds since 1970. */
  asked: number;
  pending: PendingUpdate[];
}

const schema = Joi.object<Known>({
  asked: Joi.number().integer().required(),
  pending: Joi.array()
    .items(
      Joi.object({
        name: Joi.string().required(),
        installed: Joi.string().required(),
        available: Joi.string().required(),
        security: Joi.boolean().required(),
      }),
    )
    .required(),
});

async function readKnown(file: string): Promise<Known | undefined> {
  try {
    const { value, error } = schema.validate(JSON.parse(await readFile(file, "utf8")), { convert: false });
    return error === undefined ? value : undefined;
  } catch {
    return undefined;
  }
}
