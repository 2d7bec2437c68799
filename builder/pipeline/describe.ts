import type { OtherArchive } from "../host/archive.ts";
import type { BaseId } from "../recipe/recipe.ts";
import type { PendingUpdate } from "./pending.ts";
import type { Progress } from "./progress.ts";
import type { Stage } from "./stage.ts";

/** What describing a build may use of the host. */
export interface BuildHost {
  /** The cache folder; facts that were asked (package versions) are remembered below it. */
  cache: string;
  signal: AbortSignal;
  progress: Progress;
  /** Ask the archive again even if its answer is fresh. */
  refresh: boolean;
  /** For a plan: nothing is written. */
  touchNothing: boolean;
  /** For a rebuild: where packages come from instead, without a trace in the image. */
  from?: OtherArchive;
}

/** A file that ends up in `dist/`. */
export interface Artifact {
  /** The stage that makes it, and the file in its output. */
  stage: string;
  file: string;
  /** Its name in `dist/`. */
  name: string;
}

/** A build as data: nothing has run yet. */
export interface BuildDescription {
  base: BaseId;
  /** One line for the person when the base was chosen for them. */
  baseNote?: string;
  stages: readonly Stage[];
  artifacts: readonly Artifact[];
  /** Where the list of installed packages lies when the build is done. */
  packages: { stage: string; file: string };
  /** The stage that tells what is in the sealed tree, and how the archive is asked what it has newer. */
  updates: {
    stage: string;
    /** @param folder what the stage left. @throws PosternError of group `network` when the archive does not answer. */
    ask(folder: string): Promise<readonly PendingUpdate[]>;
  };
  /** What the archive would give now, where it was asked. */
  resolved: readonly { name: string; version: string }[];
  /** Versions of the tools that took part. */
  tools: Readonly<Record<string, string>>;
}
