import type { Progress } from "./progress.ts";

/** What a stage gets when it runs. */
export interface StageContext {
  /** An empty folder; when `run` returns it becomes the cache entry, by one rename. */
  out: string;
  /** A scratch folder beside it, removed whatever happens (kept with `--debug` on failure). */
  work: string;
  /** The path of a file that a needed stage left. Read only. */
  input(stage: string, file: string): string;
  progress: Progress;
  signal: AbortSignal;
  /** Worker threads or compressor threads to use. */
  jobs: number;
  /** Keep the VM's serial log and scratch files on failure. */
  debug: boolean;
}

/** One step of the build, as data. The runner decides whether it has to run. */
export interface Stage {
  /** `base`, `build-disk`, `provision`, `seal`, `disk`, `ova`, ... */
  id: string;
  /** What it makes, for a person: `root tree of debian-13`. */
  title: string;
  /** Stages whose files it reads. */
  needs: readonly string[];
  /**
   * Everything else that goes in, by a name that a person understands (`overlay proxy`, `mke2fs`).
   * With the keys of `needs` it makes the stage's key; a change is reported by its name.
   */
  inputs: Readonly<Record<string, string>>;
  /** Files that must exist in `out` when `run` returns, relative. */
  outputs: readonly string[];
  run(context: StageContext): Promise<void>;
}
