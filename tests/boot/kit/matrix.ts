import { parseShard, type Shard } from "../../../builder/commands/shard.ts";

/*
 * Which machines of the matrix a run boots. A usual run has the core, one for each format and firmware;
 * POSTERN_MATRIX=all has every one, and POSTERN_SHARD=2/4 the second quarter of them, for hosts that share the work.
 */

/** A machine of the matrix. */
export interface Row {
  title: string;
  /** Part of every run. */
  core?: boolean;
}

export interface Choice {
  all: boolean;
  shard: Shard;
}

/** @throws Error for a shard that is none. */
export function choiceOf(env: Readonly<Record<string, string | undefined>>): Choice {
  const text = env.POSTERN_SHARD ?? "1/1";
  const shard = parseShard(text);
  if (shard === undefined) throw new Error(`POSTERN_SHARD is ${text}, and has to be one like 2/4`);
  return { all: env.POSTERN_MATRIX === "all", shard };
}

/** The rows that this run boots, in their order. Every row is in exactly one shard. */
export function chosen<T extends Row>(rows: readonly T[], { all, shard }: Choice): T[] {
  return rows
    .filter(({ core }) => all || core === true)
    .filter((_, index) => index % shard.of === shard.index - 1);
}
