import { mkdir } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { PosternError } from "../../error.ts";

/** The folders of a cache. */
export interface Cache {
  root: string;
  /** One folder an entry, `<id>-<key, 16 hex>`, put here whole by one rename. */
  stages: string;
  /** Entries in the making, each with its owner. */
  tmp: string;
  /** One file for each entry that is being made. */
  locks: string;
  /** One file for each build that runs, with the entries it uses, so that `clean` leaves them. */
  running: string;
  /** Entries found damaged, until `clean`. */
  damaged: string;
  /** What `--debug` kept of failed stages, until `clean`. */
  debug: string;
  /** Remembered answers of the archive. */
  facts: string;
  /** Which parts of an upload to a platform arrived. */
  publish: string;
  /** What the last build used and published. */
  lastBuild: string;
}

export interface CacheWish {
  /** `--cache`. */
  flag?: string | undefined;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Where the cache is: `--cache`, else `POSTERN_CACHE`, else the XDG cache folder
 * (https://specifications.freedesktop.org/basedir-spec/latest/: relative values of XDG_CACHE_HOME are
 * to be ignored), else `~/.cache/postern`.
 *
 * @throws PosternError `input.cache` when none of them says it.
 */
export function cacheFolder({ flag, cwd, env }: CacheWish): Cache {
  const { POSTERN_CACHE, XDG_CACHE_HOME, HOME } = env;
  const named = flag ?? (POSTERN_CACHE === "" ? undefined : POSTERN_CACHE);
  if (named !== undefined) return foldersOf(resolve(cwd, named));
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME))
    return foldersOf(join(XDG_CACHE_HOME, "postern"));
  if (HOME !== undefined && isAbsolute(HOME)) return foldersOf(join(HOME, ".cache", "postern"));
  throw new PosternError({
    code: "input.cache",
    message: "no cache folder: HOME, XDG_CACHE_HOME and POSTERN_CACHE are all unset",
    hint: "Name one with --cache FOLDER.",
  });
}

export function foldersOf(root: string): Cache {
  return {
    root,
    stages: join(root, "stages"),
    tmp: join(root, "tmp"),
    locks: join(root, "locks"),
    running: join(root, "running"),
    damaged: join(root, "damaged"),
    debug: join(root, "debug"),
    facts: join(root, "facts"),
    publish: join(root, "publish"),
    lastBuild: join(root, "last-build.json"),
  };
}

/** Makes the folders. They are the owner's alone: an image may hold baked-in settings. */
export async function makeCache(cache: Cache): Promise<void> {
  const { stages, tmp, locks, running, damaged, debug } = cache;
  for (const folder of [cache.root, stages, tmp, locks, running, damaged, debug]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
}
