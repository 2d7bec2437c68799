import { messageOf, PosternError } from "../error.ts";
import type { Base } from "../recipe/base.ts";

/** An archive that says nothing for so long is not there; the build must not sit and wait for it. */
const ANSWER_MS = 10_000;

/** An archive that packages are taken from instead of the one that the image names: one that keeps old versions. */
export interface OtherArchive {
  mirror: string;
  /** Where its security pocket is, if that is not where a full mirror has it. */
  securityMirror?: string;
}

/** Where a base's packages come from: the recipe's mirror, the base's own, or mmdebstrap's default. */
export function mirrorOf(base: Base, mirror: string | undefined): string | undefined {
  return mirror ?? base.archive.mirror;
}

/**
 * Asks a mirror for the release file of a suite.
 *
 * @returns undefined when it answers, else why not.
 */
export async function probeArchive(
  mirror: string,
  suite: string,
  signal: AbortSignal,
  answerMs = ANSWER_MS,
): Promise<string | undefined> {
  const url = `${mirror.replace(/\/$/, "")}/dists/${suite}/InRelease`;
  try {
    const response = await fetch(url, {
      method: "HEAD",
      redirect: "follow",
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    });
    return response.ok ? undefined : `${url} answers ${response.status}`;
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return `${url}: ${messageOf(cause)}`;
  }
}

/** @throws PosternError `network.archive` when a base's archive does not answer. */
export async function requireArchive(
  base: Base,
  mirror: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const address = mirrorOf(base, mirror);
  if (address === undefined) return;
  const [suite] = base.archive.pockets;
  const problem = await probeArchive(address, suite ?? base.codename, signal);
  if (problem === undefined) return;
  throw new PosternError({
    code: "network.archive",
    message: `the archive of ${base.title} does not answer: ${problem}`,
    hint: "Name a mirror that this host reaches with --mirror URL, or choose another base with --base.",
  });
}
